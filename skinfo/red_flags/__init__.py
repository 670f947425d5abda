"""Red flags: signs that need a professional, found in what people write."""

from skinfo.red_flags.detecting import RedFlagDetector, RedFlagMention, Status
from skinfo.red_flags.learned import LearnedDetector
from skinfo.red_flags.messages import LabelledMessage, read_messages
from skinfo.red_flags.rules import AgeAnswer, AgeQuestion, RedFlag, RedFlagRules, load_red_flags
from skinfo.red_flags.weighing import WeighedDetector

__all__ = [
    "AgeAnswer",
    "AgeQuestion",
    "LabelledMessage",
    "LearnedDetector",
    "RedFlag",
    "RedFlagDetector",
    "RedFlagMention",
    "RedFlagRules",
    "Status",
    "WeighedDetector",
    "load_red_flags",
    "read_messages",
]
