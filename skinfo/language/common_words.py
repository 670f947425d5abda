"""Words so common that none of them is a slip of a condition's name: ``common_words.txt``.

Made by ``python -m skinfo.language.common_words`` from the word pieces of the encoder's tokenizer that
are whole words (the most frequent of English) and from the words that stand in ``data/`` at least
thrice.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

from skinfo.language.vocabulary import plain_words
from skinfo.paths import encoder_folder, project_folder

_FILE = Path(__file__).with_name("common_words.txt")
_SHORTEST, _OFTEN = 4, 3


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The words, in lower case."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())


def main() -> None:
    """Write the file anew."""
    pieces = json.loads((encoder_folder() / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    found = {piece for piece in pieces if _is_word(piece)}
    counts: Counter[str] = Counter()
    for file in sorted((project_folder() / "data").rglob("*.yml")):
        counts.update(plain_words(file.read_text(encoding="utf-8")))
    found.update(word for word, count in counts.items() if count >= _OFTEN and _is_word(word))
    _FILE.write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")


def _is_word(text: str) -> bool:
    return len(text) >= _SHORTEST and text.isascii() and text.isalpha()


if __name__ == "__main__":
    main()
