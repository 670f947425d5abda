"""Random typing slips, to see how well the bot reads on."""

from __future__ import annotations

import random

#: Keys beside each letter on a QWERTY keyboard.
_NEXT_KEYS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
    "o": "ipl", "p": "ol", "a": "qsz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy",
    "j": "hku", "k": "jli", "l": "kop", "z": "xa", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng",
    "n": "bmh", "m": "nj",
}  # fmt: skip
#: Slips in shorter words leave nothing to read.
_SHORTEST = 4
_EVERY = 4


def with_typos(text: str, seed: int | str) -> str:
    """The text with one slip in a quarter of its words (at least one, if any word is long enough).

    A slip swaps two letters, drops one, doubles one, or hits the next key.

    Args:
        text: what was written.
        seed: the same seed gives the same slips.
    """
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 - test noise, not a secret
    words = text.split(" ")
    long_enough = [place for place, word in enumerate(words) if sum(map(str.isalpha, word)) >= _SHORTEST]
    count = min(len(long_enough), max(1, len(words) // _EVERY))
    for place in chance.sample(long_enough, count):
        words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    letters = [place for place, letter in enumerate(word) if letter.isalpha()]
    place = chance.choice(letters[:-1])
    kind = chance.choice(("swap", "drop", "double", "next"))
    if kind == "swap":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == "drop":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[: place + 1] + word[place:]
    key = chance.choice(_NEXT_KEYS.get(word[place].lower(), word[place]))
    return word[:place] + key + word[place + 1 :]
