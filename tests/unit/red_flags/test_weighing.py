"""Rules and what was learned are weighed in one place."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from skinfo.facts import Urgency
from skinfo.language import shared_mender
from skinfo.paths import facts_folder
from skinfo.red_flags import (
    LabelledMessage,
    LearnedDetector,
    RedFlagDetector,
    WeighedDetector,
    load_red_flags,
    weighing,
)
from skinfo.red_flags.learned import Floats, Scores


def encode(text: str) -> Floats:
    """Stands in for the sentence encoder, so that these tests need nothing trained."""
    vector = np.zeros(384, dtype=np.float32)
    for word in text.casefold().split():
        vector[sum(map(ord, word)) % 384] += 1
    return vector / max(float(np.linalg.norm(vector)), 1.0)


BURNS = [
    "boiling soup on my arm",
    "the kettle went over my hand",
    "hot oil splashed my wrist",
    "iron on my palm",
]
MOLES = ["the mole on my back grew", "my mole has two colours now", "this mole changed shape", "mole bigger"]
EYES = ["acid in my eye", "bleach splashed my eyes", "nail glue got in her eye"]
BITES = ["the dog bit my calf", "a cat bite that is swelling", "bitten by a stray"]
HARMLESS = [
    "does soup cause acne",
    "my arm has freckles",
    "kettle for sale",
    "a mole in the garden",
    "hot day",
]
EVERYDAY = ["what is milia", "can i pop it", "is acne catching", "how long do cold sores last"]


def learn(drop: str | None = None) -> LearnedDetector:
    messages = [LabelledMessage(text, frozenset({"burn"}), Urgency.SAME_DAY, None) for text in BURNS]
    messages += [
        LabelledMessage(text, frozenset({"changing_mole"}), Urgency.SEE_DOCTOR, None) for text in MOLES
    ]
    messages += [LabelledMessage(text, frozenset({"chemical_eye"}), Urgency.EMERGENCY, None) for text in EYES]
    messages += [LabelledMessage(text, frozenset({"bite"}), Urgency.SAME_DAY, None) for text in BITES]
    messages += [LabelledMessage(text, frozenset(), Urgency.NONE, "mild") for text in HARMLESS]
    kept = [one for one in messages if drop is None or drop not in one.flags]
    rules: Sequence[Sequence[object]] = [()] * len(kept)
    return LearnedDetector.train(kept, rules, EVERYDAY, encode)  # type: ignore[arg-type]


def weighed(learned: LearnedDetector | None) -> WeighedDetector:
    rules = load_red_flags(facts_folder() / "red_flags")
    return WeighedDetector(rules.flags, RedFlagDetector(rules), learned)


@pytest.fixture(scope="module")
def detector() -> WeighedDetector:
    return weighed(learn())


def raised(detector: WeighedDetector, text: str) -> set[str]:
    return {one.id for one in detector.weigh(text).mentions if one.status == "present"}


def test_what_no_rule_knows_is_raised_when_it_was_learned(detector: WeighedDetector) -> None:
    assert raised(weighed(None), "kettle went over my palm") == set()
    assert "burn" in raised(detector, "kettle went over my palm")


def test_a_flag_that_was_not_learned_is_not_raised_by_what_is_left() -> None:
    assert "burn" not in raised(weighed(learn(drop="burn")), "kettle went over my palm")


def test_an_everyday_question_raises_nothing(detector: WeighedDetector) -> None:
    assert raised(detector, "what is milia and can i pop it") == set()


def test_a_threshold_out_of_reach_raises_nothing(detector: WeighedDetector) -> None:
    high = dict.fromkeys(("crisis", "emergency", "same_day", "see_doctor"), 99.0)

    assert not detector.weigh("the kettle went over my hand", high).mentions  # type: ignore[arg-type]


def test_what_is_denied_is_told_apart_from_what_was_never_said(detector: WeighedDetector) -> None:
    denied = {one.id for one in detector.weigh("just a white dot, no fever and no pus").mentions}

    assert "infection_signs" in denied
    assert raised(weighed(None), "just a white dot, no fever and no pus") == set()


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_sign_is_not_lost_in_a_message_longer_than_the_encoder_reads(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    week = "we had a lovely week by the sea and the children swam every day while i read " * 30
    sign = "hot oil splashed my wrist"
    story = f"{sign} {week}" if place == "first" else f"{week} {sign}"
    detector = weighed(learn())

    in_passages = detector.weigh(story).any_flag
    monkeypatch.setattr(weighing, "LONGEST_WHOLE", 10_000)
    as_a_whole = detector.weigh(story).any_flag

    assert in_passages is not None
    assert as_a_whole is not None
    assert in_passages > as_a_whole


def test_what_was_saved_decides_as_what_was_learned(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("learned") / "red_flags.npz"
    learned = learn()
    learned.save(file)
    again = LearnedDetector.load(file, encode)
    text = "this mole changed shape"

    assert weighed(again).weigh(text).any_flag == pytest.approx(
        weighed(learned).weigh(text).any_flag, rel=1e-5
    )


def test_what_was_learned_reads_slips_as_what_they_are_meant_to_be(tmp_path: Path) -> None:
    learn().save(tmp_path / "learned.npz")
    text = "kettlle went ovver my hand"

    as_written = LearnedDetector.load(tmp_path / "learned.npz", encode)
    mended = LearnedDetector.load(tmp_path / "learned.npz", encode, shared_mender().mend)

    assert mended.scores([text], [()]) == as_written.scores(["kettle went over my hand"], [()])
    assert mended.scores([text], [()]) != as_written.scores([text], [()])


@pytest.mark.parametrize(
    ("flag", "emergency", "level"),
    [
        (Urgency.SEE_DOCTOR, 0.7, Urgency.SAME_DAY),
        (Urgency.SEE_DOCTOR, 0.9, Urgency.EMERGENCY),
        (Urgency.SAME_DAY, 0.7, Urgency.EMERGENCY),
        (Urgency.EMERGENCY, 0.15, Urgency.EMERGENCY),
    ],
)
def test_a_sign_to_be_seen_soon_is_an_emergency_only_when_nearly_sure(
    flag: Urgency, emergency: float, level: Urgency
) -> None:
    rest = 1 - emergency
    likely = {Urgency.EMERGENCY: emergency, Urgency.SAME_DAY: 0.0, Urgency.SEE_DOCTOR: rest}

    assert weighing.urgency_of(likely, flag) is level


@pytest.mark.parametrize(
    ("text", "likeliest", "raises"),
    [
        ("i want to kill myself", "suicide_selfharm", True),
        ("my throat is closing up", "anaphylaxis", True),
        ("there is pus", "infection_signs", False),
    ],
    ids=["crisis", "emergency", "same day"],
)
def test_an_emergency_that_the_rules_found_counts_where_a_lesser_sign_is_outweighed(
    monkeypatch: pytest.MonkeyPatch, text: str, likeliest: str, raises: bool
) -> None:
    learned = learn()

    def doubtful(texts: Sequence[str], rules: Sequence[Sequence[object]]) -> list[Scores]:
        flags = {likeliest: 0.5, "burn": 0.4}
        urgencies = {Urgency.EMERGENCY: 0.5, Urgency.SAME_DAY: 0.5, Urgency.SEE_DOCTOR: 0.0}
        return [Scores(-1.2, flags, urgencies) for _ in texts]

    monkeypatch.setattr(learned, "scores", doubtful)

    assert raised(weighed(None), text)
    assert bool(raised(weighed(learned), text)) is raises
