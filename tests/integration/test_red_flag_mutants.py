"""A detector that is broken on purpose shows in the figures: they would notice if it broke by accident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skinfo.encoder import SentenceEncoder
from skinfo.paths import encoder_folder, facts_folder, red_flag_model
from skinfo.red_flags import (
    LabelledMessage,
    LearnedDetector,
    RedFlagDetector,
    WeighedDetector,
    load_red_flags,
    read_messages,
)

MESSAGES = Path("tests/red_flag_messages/tuning.yml")
FLAGS = ("anaphylaxis", "cellulitis", "suicide_selfharm")


@pytest.fixture(scope="module")
def messages() -> tuple[LabelledMessage, ...]:
    known = frozenset(flag.id for flag in load_red_flags(facts_folder() / "red_flags").flags)
    return read_messages([MESSAGES], known)


class Detector:
    """The project's detector, with a part that a test may break."""

    def __init__(self) -> None:
        self.rules = load_red_flags(facts_folder() / "red_flags")
        encode = SentenceEncoder.shared(encoder_folder()).encode
        self.learned: LearnedDetector | None = LearnedDetector.load(red_flag_model(), encode)
        self.by_rules = RedFlagDetector(self.rules)

    def drop(self, flag: str) -> None:
        self.rules = replace(self.rules, flags=tuple(one for one in self.rules.flags if one.id != flag))
        self.by_rules = RedFlagDetector(self.rules)

    def deny_nothing(self) -> None:
        found = self.by_rules.detect_text

        def detect_text(text: str):
            return tuple(replace(mention, status="present") for mention in found(text))

        self.by_rules.detect_text = detect_text  # type: ignore[method-assign]
        self.learned = None

    def right(self, messages: tuple[LabelledMessage, ...], flag: str) -> float:
        """How many of a flag's messages raise that flag."""
        detector = WeighedDetector(self.rules.flags, self.by_rules, self.learned)
        hits = [
            any(one.id == flag and one.status == "present" for one in detector.weigh(message.text).mentions)
            for message in messages
            if flag in message.flags
        ]
        assert hits
        return sum(hits) / len(hits)

    def false_alarms(self, messages: tuple[LabelledMessage, ...]) -> float:
        """How many denied signs are raised."""
        detector = WeighedDetector(self.rules.flags, self.by_rules, self.learned)
        raised = [
            any(one.status == "present" for one in detector.weigh(message.text).mentions)
            for message in messages
            if message.kind == "denied"
        ]
        assert raised
        return sum(raised) / len(raised)


@pytest.fixture
def detector() -> Iterator[Detector]:
    yield Detector()


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_that_is_dropped_shows(
    flag: str, detector: Detector, messages: tuple[LabelledMessage, ...]
) -> None:
    assert detector.right(messages, flag) >= 0.7
    detector.drop(flag)
    assert detector.right(messages, flag) == 0


def test_a_denial_that_is_ignored_shows(detector: Detector, messages: tuple[LabelledMessage, ...]) -> None:
    assert detector.false_alarms(messages) <= 0.15
    detector.deny_nothing()
    assert detector.false_alarms(messages) >= 0.3


def test_losing_what_was_learned_shows(detector: Detector, messages: tuple[LabelledMessage, ...]) -> None:
    whole = np.mean([detector.right(messages, flag) for flag in FLAGS])
    detector.learned = None
    assert np.mean([detector.right(messages, flag) for flag in FLAGS]) < whole
