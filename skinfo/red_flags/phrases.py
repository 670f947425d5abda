"""Compiling the phrases of ``concepts.yml``; the file's head explains their signs."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Up to three other words; a denial or "but" among them parts what stands on either side.
_GAP = r"(?: (?!(?:no|not|but|isnt|arent|without|never|doesnt|didnt)(?!\S))\S+){0,3}?"


def phrase_pattern(phrase: str) -> str:
    """The regular expression for one phrase, over words joined by single spaces."""
    parts: list[str] = []
    gap = ""
    for word in phrase.casefold().replace("'", "").split():
        if word == "...":
            gap = _GAP
            continue
        options = "|".join(
            re.escape(option.removesuffix("*")) + (r"\S*" if option.endswith("*") else "")
            for option in word.split("|")
        )
        parts.append(f"{gap} (?:{options})" if parts else f"(?:{options})")
        gap = ""
    return "".join(parts) + (gap + r" \S+" if gap else "")


def concept_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One expression for all phrases of a concept; longer phrases are tried first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<!\S)(?:" + "|".join(map(phrase_pattern, ordered)) + r")(?!\S)")


def known_words(phrases: Iterable[str]) -> set[str]:
    """The whole words that phrases use: what spelling is mended towards."""
    words: set[str] = set()
    for phrase in phrases:
        for word in phrase.casefold().replace("'", "").split():
            words.update(option for option in word.split("|") if option.isalpha())
    return words


def known_beginnings(phrases: Iterable[str]) -> set[str]:
    """What stands before a ``*`` in phrases: a word that begins so needs no mending."""
    return {
        option.removesuffix("*")
        for phrase in phrases
        for word in phrase.casefold().replace("'", "").split()
        for option in word.split("|")
        if option.endswith("*")
    }
