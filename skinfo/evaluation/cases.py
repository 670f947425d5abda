"""Labelled messages and the JSON lines that they are read from; ``docs/evaluation.md`` is the reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from skinfo.content import ContentError
from skinfo.facts import Context, Topic

#: Question types of data labelled elsewhere, and the topics that answer them.
TOPICS_OF_TYPE: dict[str, tuple[Topic, ...]] = {
    **{topic.value: (topic,) for topic in Topic},
    "causes": (Topic.CAUSES, Topic.RISK),
    "diagnosis": (Topic.IDENTIFY,),
    "symptom_report": (Topic.IDENTIFY, Topic.SEE_DOCTOR),
    "product_question": (Topic.PRODUCTS,),
    "babies": (Topic.WHO,),
    "location_specific": (Topic.AREAS,),
}
#: A type that names no topic: such a question is judged by its condition alone.
ANY_TOPIC = "other"
#: Labels of data made elsewhere for "one of these, the text does not say which".
EITHER_OF = {"herpes_unspecified": ("cold_sores", "genital_herpes")}


class Kind(StrEnum):
    """What a message is about, and so what a right reply is."""

    IN_STORE = "in_store"
    DESCRIBED = "described"
    OTHER_CONDITION = "other_condition"
    OUT_OF_SCOPE = "out_of_scope"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True)
class Part:
    """One thing that is asked.

    Attributes:
        conditions: an answer about any of these is right; None stands for "no condition named".
        every: whether all the conditions must be answered, as in a comparison.
        topics: any of these is right; empty when the topic is not judged.
    """

    conditions: tuple[str | None, ...]
    topics: tuple[Topic, ...]
    every: bool = False


@dataclass(frozen=True)
class Case:
    """A labelled conversation; the labels speak of its last message.

    Attributes:
        group: cases of one group share one vote.
        tier: where the text comes from; scores are reported by tier.
        part: the part of its set that it belongs to, such as ``compound``.
        parts: what is asked, for questions that the store answers.
        other: the other skin condition that is asked about.
        context: the place or stage of life that the answer must be for.
        intent: for small talk, what it is.
        subkind: a finer kind, for out-of-scope requests.
    """

    id: str
    turns: tuple[str, ...]
    tier: str
    group: str
    kind: Kind
    part: str = ""
    parts: tuple[Part, ...] = ()
    other: str | None = None
    context: Context | None = None
    intent: str | None = None
    subkind: str | None = None

    @property
    def text(self) -> str:
        """The message that is judged."""
        return self.turns[-1]


def read_cases(file: Path, conditions: frozenset[str]) -> tuple[Case, ...]:
    """Read labelled JSON lines.

    Args:
        file: see ``docs/evaluation.md`` for its fields.
        conditions: the ids of the store; any other condition is outside.

    Raises:
        ContentError: a line that is unusable, with what would mend it.
    """
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for number, entry in read_lines(file):

        def mistake(problem: str, mend: str, number: int = number) -> ContentError:
            return ContentError(problem, file=file, line=number, mend=mend)

        case = _case(entry, f"{file.stem}-{number}", file.stem, conditions, mistake)
        if case is None:
            continue
        if case.id in seen:
            raise mistake(f"id {case.id!r} stands on line {seen[case.id]} too", "give each line its own id")
        seen[case.id] = number
        cases.append(case)
    if not cases:
        raise ContentError(
            "no labelled message in it", file=file, mend="docs/evaluation.md describes the lines"
        )
    return tuple(cases)


_Mistake = Callable[[str, str], ContentError]


def read_lines(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a file of JSON lines, each with its line number.

    Raises:
        ContentError: the file or a line of it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(error.strerror or str(error), file=file, mend="correct the path") from None
    except UnicodeDecodeError:
        raise ContentError("not UTF-8 text", file=file, mend="save the file as UTF-8") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise ContentError(
                f"not JSON ({error.msg})", file=file, line=number, mend="one JSON object a line"
            ) from None
        if not isinstance(entry, dict):
            raise ContentError("not a JSON object", file=file, line=number, mend="one JSON object a line")
        yield number, entry


def _case(
    entry: Mapping[str, Any], default_id: str, stem: str, conditions: frozenset[str], mistake: _Mistake
) -> Case | None:
    turns = entry.get("turns", [entry.get("text")])
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) and turn for turn in turns):
        raise mistake("no message", 'give "text", or "turns" as a list of messages')
    identity = str(entry.get("id") or default_id)
    common: dict[str, Any] = {
        "id": identity,
        "turns": tuple(turns),
        "tier": str(entry.get("tier") or stem),
        "group": str(entry.get("group_id") or identity),
        "part": str(entry.get("part") or ""),
    }
    if "parts" in entry:
        parts = tuple(_part(part, conditions, mistake) for part in entry["parts"])
        return Case(**common, kind=Kind.IN_STORE, parts=parts)
    if entry.get("intent") and "kind" not in entry:
        return Case(**common, kind=Kind.SMALL_TALK, intent=str(entry["intent"]))
    condition = entry.get("condition", "none" if "kind" in entry else "")
    if condition == "":
        raise mistake("no label", 'give "condition", "parts", "intent" or, out of scope, "kind"')
    if condition == "none":
        # A line without a kind says only what the text is not about: nothing to judge.
        kind = entry.get("kind")
        return Case(**common, kind=Kind.OUT_OF_SCOPE, subkind=str(kind)) if kind else None
    if isinstance(condition, str) and condition.startswith("other:"):
        name = condition.removeprefix("other:")
        if name not in conditions and name not in EITHER_OF:
            return Case(**common, kind=Kind.OTHER_CONDITION, other=name)
    part = _part(entry, conditions, mistake)
    context = entry.get("context")
    if context is not None and context not in set(Context):
        raise mistake(f"unknown context {context!r}", "use one of: " + ", ".join(Context))
    return Case(
        **common,
        kind=Kind.DESCRIBED if part.conditions == (None,) else Kind.IN_STORE,
        parts=(part,),
        context=Context(context) if context else None,
    )


def _part(entry: Mapping[str, Any], conditions: frozenset[str], mistake: _Mistake) -> Part:
    value = entry.get("condition")
    named = value if isinstance(value, list) else [value]
    meant: list[str | None] = []
    for one in named:
        name = one.removeprefix("other:") if isinstance(one, str) else one
        if name is not None and name not in conditions and name not in EITHER_OF:
            raise mistake(f"unknown condition {one!r}", "use an id of the store, or other:NAME, or null")
        meant.extend(EITHER_OF.get(name, (name,)) if name else (None,))
    types = entry.get("topics") or entry.get("question_type_all") or []
    unknown = [type_ for type_ in types if type_ not in TOPICS_OF_TYPE and type_ != ANY_TOPIC]
    if unknown or not types:
        raise mistake(
            f"unknown topic {unknown[0]!r}" if unknown else "no topic",
            "use one or more of: " + ", ".join([*TOPICS_OF_TYPE, ANY_TOPIC]),
        )
    topics = [topic for type_ in types for topic in TOPICS_OF_TYPE.get(type_, ())]
    return Part(tuple(meant), tuple(dict.fromkeys(topics)), every=isinstance(value, list) and len(value) > 1)
