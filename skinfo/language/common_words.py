"""Ordinary words, which are no slips of a condition's name: ``common_words.txt``.

Made by ``python -m skinfo.language.common_words`` from the word pieces of the encoder's tokenizer that
are whole words (the most frequent of English, in order of frequency) and from the words that stand in
``data/`` at least thrice. Everyday words come first, those that stand most often in ``data/`` before
others; then, after an empty line, the rarer ones, among them those of ``facts/`` but for its misspellings.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

from skinfo.facts import FactStore
from skinfo.language.vocabulary import plain_words
from skinfo.paths import encoder_folder, facts_folder, project_folder

_FILE = Path(__file__).with_name("common_words.txt")
_SHORTEST, _OFTEN = 3, 3
#: Pieces of lower number in the tokenizer are everyday words ("gold", "store"), others rarer ("ore").
_EVERYDAY_BELOW = 9000


@lru_cache(maxsize=1)
def everyday_words() -> tuple[str, ...]:
    """Words that everybody writes, in lower case, the most frequent in questions about skin first."""
    return tuple(_parts()[0].split())


@lru_cache(maxsize=1)
def rarer_words() -> frozenset[str]:
    """Other words of the language, in lower case."""
    return frozenset(_parts()[1].split())


def _parts() -> list[str]:
    return _FILE.read_text(encoding="utf-8").split("\n\n")


def main() -> None:
    """Write the file anew."""
    pieces = json.loads((encoder_folder() / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    everyday = {piece for piece, number in pieces.items() if number < _EVERYDAY_BELOW and _is_word(piece)}
    counts = _count_words("data")
    everyday.update(word for word, count in counts.items() if count >= _OFTEN and _is_word(word))
    facts = {word for word in _count_words("facts") if word in pieces or word not in _misspellings()}
    rarer = {word for word in (*pieces, *facts) if _is_word(word)} - everyday
    in_order = sorted(everyday, key=lambda word: (-counts[word], word))
    _FILE.write_text("\n".join(in_order) + "\n\n" + "\n".join(sorted(rarer)) + "\n", encoding="utf-8")


def _count_words(folder: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in sorted((project_folder() / folder).rglob("*.yml")):
        counts.update(plain_words(file.read_text(encoding="utf-8")))
    return counts


@lru_cache(maxsize=1)
def _misspellings() -> frozenset[str]:
    """The words of the names that ``facts/`` lists as misspelt."""
    store = FactStore.load(facts_folder())
    names = [name for one in store.conditions.values() for name in one.misspellings]
    names += [name for one in store.shared_names for name in one.misspellings]
    names += [name for one in store.signposts.values() for name in one.misspellings]
    return frozenset(word for name in names for word in plain_words(name))


def _is_word(text: str) -> bool:
    return len(text) >= _SHORTEST and text.isascii() and text.isalpha()


if __name__ == "__main__":
    main()
