"""Splitting a message into clauses, so that each question in it can be answered."""

from __future__ import annotations

import re

_ASKING = (
    r"(?:what|whats|what's|wat|why|how|hows|when|where|who|which|is|are|can|could|should|shall|do|does|did|will|"
    r"would|must|may|am|isnt|arent|any)\b(?!['’]t)"
)
#: A sentence ends, or a joined question starts ("…, and how long does it last", "… also can I pop it").
_BOUNDARY = re.compile(
    rf"(?<=[.!?…])\s+(?:\(?[1-9][.):]?\s+(?={_ASKING}))?|\n+|\s*;\s*"
    rf"|\s*(?:,|-|–|—)?\s+(?:and|also|plus|but|&|n|or|then)\s+(?:also\s+|then\s+|if so,?\s+)?(?={_ASKING})"
    rf"|\s*,\s*(?={_ASKING})|\s+[-–—]+\s+(?={_ASKING})"
    r"|\s*,?\s+(?:and|but|or)\s+(?=if (?:so|not|it|they|that|this|i|you)\b)"
    rf"|\s+\(?[1-9][.):]?\s+(?={_ASKING})",
    re.IGNORECASE,
)
#: Where a question may go on or another may start ("what causes it and the best treatment", "if they
#: spread, and whether they scar"): only what the pieces ask can tell.
_JOINT = re.compile(
    r"\s*[,:;()]\s*(?:(?:and|or|also|plus|whether)\s+)*"
    r"|\s+(?:and|or|also|plus|&|as well as|whether)\s+(?:(?:also|whether)\s+)?",
    re.IGNORECASE,
)
#: A longer clause, or one with more joints, is a story.
_LONGEST_IN_PIECES, _MOST_PIECES = 40, 5
#: A clause of fewer words says too little to be asked about ("what", "is it"), unless it asks: "Cause? Cure?"
_FEWEST_WORDS = 2
_ASKS_IN_A_WORD = re.compile(r"^\W*\w{3,}\?+$")


def split_clauses(text: str) -> list[tuple[int, int]]:
    """The sentences and joined questions of a message.

    Returns:
        The start and end character of each clause, in order. A piece too short to stand alone is
        left joined to the clause before it.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in [*_BOUNDARY.finditer(text), None]:
        end = boundary.start() if boundary else len(text)
        words = len(text[start:end].split())
        enough = words >= _FEWEST_WORDS or _ASKS_IN_A_WORD.match(text[start:end].strip())
        if enough or (words and not spans):
            spans.append((start, end))
        elif words:
            spans[-1] = (spans[-1][0], end)
        if boundary:
            start = boundary.end()
    return spans


def split_pieces(clause: str) -> list[tuple[int, int]]:
    """The parts of a clause that may each ask something of their own.

    Returns:
        The start and end character of each part, in order; empty where there is nothing to part.
    """
    if len(clause.split()) > _LONGEST_IN_PIECES:
        return []
    spans = []
    start = 0
    for joint in [*_JOINT.finditer(clause), None]:
        end = joint.start() if joint else len(clause)
        if clause[start:end].strip():
            spans.append((start, end))
        if joint:
            start = joint.end()
    return spans if 1 < len(spans) <= _MOST_PIECES else []


#: "which is about once a day" tells, "which cream" asks.
_ASKS = re.compile(
    # "Acne: does chocolate matter" asks after the colon.
    rf"\?|(?:^\W*|:\s+|\s[-–—]\s+)(?:(?:hi|hello|hey|so|and|but|also|ok|please|pls|dr|doctor|sir)\W+)*"
    rf"(?!which (?:is|are|was|were|has|have)\b){_ASKING}"
    r"|\b(?:is|are|does|do|did|can|could|will|would|should|must) (?:it|they|these|this|i|you|there)\b"
    # "… my nan says put a warm teabag on it does that help"
    r"|\b(?:does|do|can|could|will|would|should) (?:that|he|she|we|anything|anyone)\b"
    r"|\b(?:how (?:to|do|can|long|often)|what (?:is|are|can|should|to)|can (?:i|you|it|they))\b"
    r"|\b(?:should i|do i|is it|are they|let me know|tell me|want to know|wonder(?:ing)?)\b"
    r"|\bbest (?:way|thing|cure|treatment|remedy|cream|product|method)s? (?:to|for)\b"
    r"|\b(?:suggest|advise|advice|recommend|explain|any (?:tips|ideas?|cure|cream))\b",
    re.IGNORECASE,
)


def is_asking(clause: str) -> bool:
    """Whether a clause has the form of a question or a request."""
    return bool(_ASKS.search(clause))
