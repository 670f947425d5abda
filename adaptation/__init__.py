"""Teaches the sentence encoder how people write about skin: ``make adapt-encoder``.

Needed by nobody who installs or curates Skinfo: what was learned is kept in
``skinfo/encoder/adaptation.safetensors``. Run it again, with PyTorch, when ``data/`` has grown a lot.
"""
