"""Scoring the bot on labelled messages that nobody trained it on."""

from skinfo.evaluation.cases import Case, Kind, Part, read_cases
from skinfo.evaluation.intervals import Share, share
from skinfo.evaluation.scoring import Result, score

__all__ = ["Case", "Kind", "Part", "Result", "Share", "read_cases", "score", "share"]
