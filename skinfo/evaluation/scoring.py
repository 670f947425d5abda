"""Judging a turn of the bot against the labels of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skinfo.evaluation.cases import Case, Kind, Part
from skinfo.facts import Topic
from skinfo.language import NameFinder

#: A machine-readable turn (see README), as parsed JSON.
TurnJson = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What the bot made of one case.

    Attributes:
        measures: each measure that applies to the case, and whether it was met.
        right: whether the case as a whole was answered as its labels say.
        intent: what the classifier thought.
        confidence: how sure it was, 0 to 1.
        answered: condition and topic of each answer.
        signposts: names of the other conditions pointed to.
        urgency: of the reply.
        red_flags: ids of the flags raised.
    """

    case: Case
    measures: Mapping[str, bool]
    intent: str
    confidence: float
    answered: tuple[tuple[str | None, str], ...]
    signposts: tuple[str, ...]
    urgency: str
    red_flags: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every measure that applies was met."""
        return all(self.measures.values())


def score(case: Case, turn: TurnJson, names: NameFinder) -> Result:
    """Judge the turn that answered the last message of a case.

    Args:
        case: the labels.
        turn: the bot's machine-readable turn.
        names: finds out whether the signpost lexicon knows the condition that a label names.
    """
    answers = turn["answers"]
    return Result(
        case=case,
        measures=_measures(case, turn, names),
        intent=str(turn["intent"]["name"]),
        confidence=float(turn["intent"]["confidence"]),
        answered=tuple((answer["condition"], answer["topic"]) for answer in answers),
        signposts=tuple(post["name"] for post in turn["signposts"]),
        urgency=str(turn["urgency"]),
        red_flags=tuple(flag["id"] for flag in turn["red_flags"]),
    )


def _measures(case: Case, turn: TurnJson, names: NameFinder) -> dict[str, bool]:
    answers, signposts = turn["answers"], turn["signposts"]
    if case.kind is Kind.OUT_OF_SCOPE:
        return {"declined": not answers and not signposts}
    if case.kind is Kind.SMALL_TALK:
        return {"small_talk": turn["intent"]["name"] == case.intent and not answers}
    if case.kind is Kind.OTHER_CONDITION:
        measures = {"not_taken_for_inside": all(answer["condition"] is None for answer in answers)}
        known = names.find(str(case.other).replace("_", " ")).signposts
        if known:
            measures["signposted"] = bool(signposts)
        return measures
    measures = {}
    if len(case.parts) == 1:
        measures["right_fact"] = _answers(case.parts[0], answers)
    else:
        measures["every_part"] = all(_answers(part, answers) for part in case.parts)
    if case.context is not None:
        measures["right_context"] = any(answer["context"] == case.context for answer in answers)
    if turn["urgency"] != "emergency":
        # In an emergency nothing but help is offered, by design.
        measures["not_refused"] = bool(answers or signposts or turn["red_flags"])
    return measures


def _answers(part: Part, answers: list[Mapping[str, Any]]) -> bool:
    fitting = {
        answer["condition"] for answer in answers if not part.topics or Topic(answer["topic"]) in part.topics
    }
    if part.every:
        return fitting >= set(part.conditions)
    return bool(fitting & set(part.conditions))
