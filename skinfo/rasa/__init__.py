"""The adapter to Rasa: the only sub-package that imports it."""
