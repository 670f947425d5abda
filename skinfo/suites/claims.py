"""From the YAML of a claim to an `Assertion`, with the line and the mend of what does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from skinfo.content import ContentError, Document, Location
from skinfo.suites.assertions import (
    ANY_VALUE,
    ActionExecuted,
    Answer,
    Answers,
    Asks,
    Assertion,
    BotDidNotUtter,
    BotUttered,
    Cites,
    Dials,
    EndsWithDisclaimer,
    ExactText,
    HasUrgency,
    NeverSays,
    Offers,
    OnlyAnswers,
    PointsTo,
    RaisesRedFlags,
    SaysFact,
    SlotWasNotSet,
    SlotWasSet,
)
from skinfo.suites.said import Button
from skinfo.suites.vocabulary import Vocabulary, mend

#: Keys of Rasa's format that speak of its paid product's flows or of a language model.
REFUSED = {
    **dict.fromkeys(
        ("flow_started", "flow_completed", "flow_cancelled", "pattern_clarification_contains", "sequencing"),
        "Rasa Pro's flows, and Rasa Open Source has none;"
        " claim `action_executed`, `slot_was_set` or `bot_uttered`",
    ),
    **dict.fromkeys(
        ("generative_response_is_relevant", "generative_response_is_grounded"),
        "a language model that judges; claim `bot_uttered`, or for Skinfo `fact` and `cites`",
    ),
}

Reader = Callable[[Any, Location, int | None], Iterator[Assertion]]


class ClaimReader:
    """Reads the claims of one document."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._readers: Mapping[str, Reader] = {
            "action_executed": self._action_executed,
            "slot_was_set": self._slot_was_set,
            "slot_was_not_set": self._slot_was_not_set,
            "bot_uttered": self._bot_uttered,
            "bot_did_not_utter": self._bot_did_not_utter,
            "answers": self._answers,
            "answers_only": self._answers_only,
            "fact": self._fact,
            "cites": self._cites,
            "urgency": self._urgency,
            "red_flags": self._red_flags,
            "ends_with_disclaimer": self._ends_with_disclaimer,
            "never_says": self._never_says,
            "asks": self._asks,
            "offers": self._offers,
            "points_to": self._points_to,
            "dials": self._dials,
        }

    def claims(self, entry: Any, at: Location) -> Iterator[Assertion]:
        """One entry of a step's ``assertions``: usually one key, several claim several things."""
        if not isinstance(entry, dict) or not entry:
            raise self._error(
                "expected a claim such as `bot_uttered:`", at, f"keys: {', '.join(self._readers)}"
            )
        for key, value in entry.items():
            here = (*at, key)
            if key in REFUSED:
                raise self._error(f"{key!r} needs {REFUSED[key]}", here, "remove it, or replace it as said")
            if key not in self._readers:
                raise self._error(f"unknown claim {key!r}", here, mend(str(key), self._readers))
            yield from self._readers[key](value, here, self._document.line_of(here))

    def old_claim(self, key: str, value: Any, at: Location) -> Iterator[Assertion]:
        """A claim in a step of its own: ``bot``, ``utter``, ``slot_was_set``, ``slot_was_not_set``."""
        line = self._document.line_of(at)
        if key == "bot":
            yield ExactText(self._one_text(value, at), line=line)
        elif key == "utter":
            yield BotUttered(utter_name=self._one_text(value, at), line=line)
        else:
            # A name, a name with a value, or a list of these.
            made = SlotWasSet if key == "slot_was_set" else SlotWasNotSet
            for index, one in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(one, str):
                    yield made(one, line=line)
                elif isinstance(one, dict) and one:
                    for name, held in one.items():
                        yield made(str(name), held, line=self._document.line_of((*at, index, name)) or line)
                else:
                    raise self._error(
                        "expected a slot's name, or `name: value`", at, f"{key}:\n  - slot: value"
                    )

    def _action_executed(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield ActionExecuted(self._one_text(value, at), line=line)

    def _slot_was_set(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        for name, held in self._slots(value, at):
            yield SlotWasSet(name, held, line=line)

    def _slot_was_not_set(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        for name, held in self._slots(value, at):
            yield SlotWasNotSet(name, held, line=line)

    def _slots(self, value: Any, at: Location) -> Iterator[tuple[str, Any]]:
        for index, entry in enumerate(value if isinstance(value, list) else [value]):
            here = (*at, index) if isinstance(value, list) else at
            known = ("name", "value")
            if not isinstance(entry, dict) or "name" not in entry:
                raise self._error(
                    "expected `name:` and, if it matters, `value:`",
                    here,
                    "- name: conditions\n  value: [milia]",
                )
            self._only(entry, known, here)
            yield self._one_text(entry["name"], (*here, "name")), entry.get("value", ANY_VALUE)

    def _bot_uttered(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield BotUttered(**self._utterance(value, at), line=line)

    def _bot_did_not_utter(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield BotDidNotUtter(**self._utterance(value, at), line=line)

    def _utterance(self, value: Any, at: Location) -> dict[str, Any]:
        keys = ("utter_name", "text_matches", "buttons")
        if not isinstance(value, dict) or not value:
            raise self._error("expected what was uttered", at, f"keys: {', '.join(keys)}")
        self._only(value, keys, at)
        utterance: dict[str, Any] = {}
        if "utter_name" in value:
            utterance["utter_name"] = self._one_text(value["utter_name"], (*at, "utter_name"))
        if "text_matches" in value:
            utterance["text_matches"] = self._pattern(value["text_matches"], (*at, "text_matches"))
        if "buttons" in value:
            place = (*at, "buttons")
            if not isinstance(value["buttons"], list):
                raise self._error("expected a list of buttons", place, "- title: …")
            buttons = []
            for index, button in enumerate(value["buttons"]):
                here = (*place, index)
                if not isinstance(button, dict) or "title" not in button:
                    raise self._error("expected a button with `title`", here, "- title: …\n  payload: …")
                self._only(button, ("title", "payload"), here)
                payload = button.get("payload")
                buttons.append(
                    Button(
                        self._one_text(button["title"], (*here, "title")),
                        None if payload is None else self._one_text(payload, (*here, "payload")),
                    )
                )
            utterance["buttons"] = tuple(buttons)
        return utterance

    def _answers(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield Answers(self._wanted(value, at), line=line)

    def _answers_only(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        wanted = self._wanted(value, at)
        if not wanted:
            raise self._error("`answers_only` needs at least one answer", at, "write `answers: []` for none")
        yield OnlyAnswers(wanted, line=line)

    def _wanted(self, value: Any, at: Location) -> tuple[Answer, ...]:
        entries = value if isinstance(value, list) else [value]
        answers = []
        for index, entry in enumerate(entries):
            here = (*at, index) if isinstance(value, list) else at
            keys = ("condition", "topic", "context")
            if not isinstance(entry, dict) or not entry:
                raise self._error(
                    "expected `{condition: …, topic: …}`", here, "write [] when nothing may be answered"
                )
            self._only(entry, keys, here)
            conditions = topics = None
            if "condition" in entry:
                given = entry["condition"]
                conditions = tuple(
                    None if one is None else self._known("condition", one, (*here, "condition"))
                    for one in (given if isinstance(given, list) else [given])
                )
            if "topic" in entry:
                topics = tuple(self._ids("topic", entry["topic"], (*here, "topic")))
            context = entry.get("context")
            answers.append(
                Answer(
                    conditions,
                    topics,
                    None if context is None else self._one_text(context, (*here, "context")),
                )
            )
        return tuple(answers)

    def _fact(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        ids = tuple(self._ids("fact", value, at))
        facts = self._vocabulary.words_of_facts()
        yield SaysFact(ids, {one: facts[one] for one in ids}, line=line)

    def _cites(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield Cites(tuple(self._ids("source", value, at)), line=line)

    def _urgency(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield HasUrgency(tuple(self._ids("urgency", value, at)), line=line)

    def _red_flags(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield RaisesRedFlags(tuple(self._ids("red_flag", value, at)), line=line)

    def _ends_with_disclaimer(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        if value is not True:
            raise self._error(
                "`ends_with_disclaimer` can only be true", at, "every turn ends with it: write true"
            )
        yield EndsWithDisclaimer(self._vocabulary.disclaimers(), line=line)

    def _never_says(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        entries = value if isinstance(value, list) else [value]
        yield NeverSays(tuple(self._pattern(one, at, re.IGNORECASE) for one in entries), line=line)

    def _asks(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        if isinstance(value, bool):
            yield Asks(None, value, line=line)
        else:
            yield Asks(self._pattern(value, at, re.IGNORECASE), line=line)

    def _offers(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield Offers(tuple(self._texts(value, at)), line=line)

    def _points_to(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield PointsTo(tuple(self._texts(value, at)), line=line)

    def _dials(self, value: Any, at: Location, line: int | None) -> Iterator[Assertion]:
        yield Dials(tuple(self._texts(value, at)), line=line)

    def _ids(self, kind: str, value: Any, at: Location) -> Iterator[str]:
        for one in value if isinstance(value, list) else [value]:
            yield self._known(kind, one, at)

    def _known(self, kind: str, value: Any, at: Location) -> str:
        words = self._vocabulary.words(kind)
        if not isinstance(value, str) or value not in words:
            # YAML reads a bare `none` as text but `null` and an empty value as nothing.
            raise self._error(f"unknown {kind.replace('_', ' ')} {value!r}", at, mend(str(value), words))
        return value

    def _texts(self, value: Any, at: Location) -> Iterator[str]:
        for one in value if isinstance(value, list) else [value]:
            yield self._one_text(one, at)

    def _one_text(self, value: Any, at: Location) -> str:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise self._error(f"expected text here, found {type(value).__name__}", at, "put quotes around it")
        return value.strip()

    def _pattern(self, value: Any, at: Location, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
        text = self._one_text(value, at)
        try:
            return re.compile(text, flags)
        except re.error as error:
            raise self._error(
                f"not a regular expression: {error}",
                at,
                "put a backslash before ( ) [ ] ? * + . that are meant as such",
            ) from None

    def _only(self, entry: Mapping[str, Any], keys: tuple[str, ...], at: Location) -> None:
        for key in entry:
            if key not in keys:
                raise self._error(f"unknown key {key!r}", (*at, key), mend(str(key), keys))

    def _error(self, problem: str, at: Location, mend: str) -> ContentError:
        return self._document.error(problem, at=at, mend=mend)
