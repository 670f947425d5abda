"""Keeping what identifies a person out of what is kept."""

from skinfo.privacy.masking import mask_identifiers

__all__ = ["mask_identifiers"]
