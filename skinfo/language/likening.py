"""Names that are only compared with, or set aside: "looks like a pimple", "not acne but milia"."""

from __future__ import annotations

from collections.abc import Sequence

from skinfo.language.vocabulary import Match

#: Between the likening words and the name: "look like **just a small** pimple".
# fmt: off
_BETWEEN = frozenset((
    "a", "an", "the", "some", "my", "his", "her", "just", "only", "small", "tiny", "little", "big",
    "normal", "typical", "bit", "of", "more", "any",
))
_LIKE_AFTER = frozenset((
    "bump", "bumps", "spot", "spots", "thing", "things", "rash", "lesion", "lesions", "sore", "sores",
    "lump", "lumps", "dot", "dots", "mark", "marks", "growth", "growths", "blister", "blisters", "patch",
    "patches", "stuff", "appearance",
))
# fmt: on
_LIKENED = tuple(
    tuple(phrase.split())
    for phrase in (
        "look like",
        "looks like",
        "looked like",
        "looking like",
        "like",
        "seems like",
        "feels like",
        "resemble",
        "resembles",
        "resembled",
        "resembling",
        "similar to",
        "thought it was",
        "thought they were",
        "thought it were",
        "thought they was",
        "thought this was",
        "thought these were",
        "assumed it was",
        "assumed they were",
        "mistook it for",
        "mistook them for",
        "size of",
    )
)
_SET_ASIDE = tuple(
    tuple(phrase.split())
    for phrase in (
        "non",
        "not",
        "isnt",
        "arent",
        "wasnt",
        "unlike",
        "instead of",
        "rather than",
        "never had",
        "forget about",
        "forget",
    )
)
_NOT_EVEN_LIKE = ("dont", "doesnt", "didnt", "not", "never", "isnt", "arent", "non")
#: How far before the likening words a denial still reaches: "they **don't** quite look like".
_REACH = 3


def is_compared(words: Sequence[str], match: Match) -> bool:
    """Whether a name says only what something is like, or is not: it counts if nothing else does."""
    return _is_like_after(words, match) or _comes_after(words, match, (*_LIKENED, *_SET_ASIDE)) is not None


def is_ruled_out(words: Sequence[str], match: Match) -> bool:
    """Whether a name never counts: "pimple-like bump", "non-pimple", "doesn't look like acne"."""
    if _is_like_after(words, match):
        return True
    start = _comes_after(words, match, _LIKENED)
    if start is not None:
        return any(word in _NOT_EVEN_LIKE for word in words[max(0, start - _REACH) : start])
    start = _comes_after(words, match, (("non",),))
    return start is not None and start == match.start - 1


def _is_like_after(words: Sequence[str], match: Match) -> bool:
    if match.end >= len(words):
        return False
    if words[match.end] == "looking":
        return True
    return words[match.end] == "like" and match.end + 1 < len(words) and words[match.end + 1] in _LIKE_AFTER


def _comes_after(words: Sequence[str], match: Match, phrases: Sequence[tuple[str, ...]]) -> int | None:
    """Where one of the phrases starts that leads up to the match; None when there is none."""
    end = match.start
    while end > 0 and words[end - 1] in _BETWEEN:
        end -= 1
    for phrase in phrases:
        start = end - len(phrase)
        if start >= 0 and tuple(words[start:end]) == phrase:
            return start
    return None
