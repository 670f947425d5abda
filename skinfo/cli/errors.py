"""What commands raise when they cannot go on."""

from __future__ import annotations


class Unusable(Exception):
    """Arguments or a machine that cannot be used, with the mend; ends in exit code 2."""
