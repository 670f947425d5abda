"""Graph components for ``config.yml``; each registers itself with Rasa's recipe when imported."""
