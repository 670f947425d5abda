"""Red flags: signs that need a professional, found in what people write."""

from skinfo.red_flags.detecting import RedFlagDetector, RedFlagMention, Status
from skinfo.red_flags.rules import RedFlag, RedFlagRules, load_red_flags

__all__ = [
    "RedFlag",
    "RedFlagDetector",
    "RedFlagMention",
    "RedFlagRules",
    "Status",
    "load_red_flags",
]
