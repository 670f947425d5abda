"""Our configuration beside stock Rasa and the bare floor, with many people at once and in long talks.

``python -m bench.load --help``, or ``make bench-load``.
"""
