from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from skinfo.paths import facts_folder
from skinfo.suites.cases import Case, read_cases
from skinfo.suites.vocabulary import Vocabulary

Read = Callable[[str], tuple[Case, ...]]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(facts_folder())


@pytest.fixture
def read(tmp_path: Path, vocabulary: Vocabulary) -> Read:
    """Read a suite's text."""

    def from_text(text: str) -> tuple[Case, ...]:
        file = tmp_path / "suite.yml"
        file.write_text(text, encoding="utf-8")
        return read_cases(file, vocabulary)

    return from_text
