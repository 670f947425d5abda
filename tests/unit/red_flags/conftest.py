"""One detector for all of these tests: reading the rules takes half a second."""

from collections.abc import Callable

import pytest

from skinfo.facts import Urgency
from skinfo.paths import facts_folder
from skinfo.red_flags import RedFlagDetector, RedFlagMention, RedFlagRules, load_red_flags

Present = Callable[[str], dict[str, Urgency]]
Mentions = Callable[[str], dict[str, RedFlagMention]]


@pytest.fixture(scope="session")
def rules() -> RedFlagRules:
    return load_red_flags(facts_folder() / "red_flags")


@pytest.fixture(scope="session")
def detector(rules: RedFlagRules) -> RedFlagDetector:
    return RedFlagDetector(rules)


@pytest.fixture(scope="session")
def mentions(detector: RedFlagDetector) -> Mentions:
    return lambda text: {mention.id: mention for mention in detector.detect_text(text)}


@pytest.fixture(scope="session")
def present(detector: RedFlagDetector) -> Present:
    return lambda text: {m.id: m.urgency for m in detector.detect_text(text) if m.status == "present"}
