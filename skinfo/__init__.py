"""Skinfo: answers about milia and the bumps they get mistaken for, from cited facts.

The core (``facts``, ``language``, ``red_flags``, ``replies``, ``conversation``) is plain typed
Python and spaCy. ``skinfo.rasa`` is the only sub-package that imports Rasa.
"""
