"""What a case can claim of a turn, one class a claim.

A claim is checked against what was said; the answer is `Check`: kept, broken with the problem in words,
or not checked, because the target does not tell what the claim is about.
"""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from skinfo.suites.said import Button, Event, Said

Outcome = Literal["kept", "broken", "not checked"]
#: A claim that names no value, such as a slot's, holds for any.
ANY_VALUE = object()


@dataclass(frozen=True)
class Check:
    """How one claim came out.

    Attributes:
        claim: in the words of the case.
        outcome: kept, broken, or not checked.
        problem: what was said instead, or why it was not checked.
        line: where the claim stands in its file; None for a standing promise.
    """

    claim: str
    outcome: Outcome
    problem: str = ""
    line: int | None = None


class NotTold(Exception):
    """The target does not tell what a claim is about."""


@dataclass(frozen=True)
class Assertion(ABC):
    """A claim about one turn."""

    line: int | None = field(default=None, kw_only=True)

    #: The key in the file.
    key: ClassVar[str]

    @abstractmethod
    def describe(self) -> str:
        """The claim in the words of the case."""

    @abstractmethod
    def problem(self, said: Said) -> str | None:
        """What is wrong; None when the claim holds.

        Raises:
            NotTold: the target does not tell.
        """

    def check(self, said: Said) -> Check:
        """Hold the claim against what was said."""
        try:
            problem = self.problem(said)
        except NotTold as why:
            return Check(self.describe(), "not checked", str(why), self.line)
        return Check(self.describe(), "broken" if problem else "kept", problem or "", self.line)

    def places(self, events: Iterable[Event]) -> list[int]:
        """Where among the events the claim is met; empty for a claim that has no place in time."""
        return []


def _turn(said: Said) -> Mapping[str, Any]:
    if said.turn is None:
        raise NotTold("needs Skinfo's machine-readable turn, and this endpoint returns text only")
    return said.turn


def _events(said: Said) -> tuple[Event, ...]:
    if said.events is None:
        raise NotTold("needs a look inside the bot; run it without --url")
    return said.events


def _slots(said: Said) -> Mapping[str, Any]:
    if said.slots is None:
        raise NotTold("needs a look inside the bot; run it without --url")
    return said.slots


def squeezed(text: str) -> str:
    """A text with every run of white space as one blank."""
    return " ".join(text.split())


@dataclass(frozen=True)
class ActionExecuted(Assertion):
    """The action ran in this turn."""

    key = "action_executed"
    name: str

    def describe(self) -> str:
        """See `Assertion`."""
        return f"action_executed: {self.name}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        ran = [event.name for event in _events(said) if event.kind == "action"]
        return None if self.name in ran else f"these ran: {', '.join(ran) or 'none'}"

    def places(self, events: Iterable[Event]) -> list[int]:
        """See `Assertion`."""
        return [i for i, event in enumerate(events) if event.kind == "action" and event.name == self.name]


@dataclass(frozen=True)
class SlotWasSet(Assertion):
    """The slot holds a value, or this one."""

    key = "slot_was_set"
    name: str
    value: Any = ANY_VALUE

    def describe(self) -> str:
        """See `Assertion`."""
        return f"slot_was_set: {self.name}" + ("" if self.value is ANY_VALUE else f" = {self.value!r}")

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        slots = _slots(said)
        if self.name not in slots:
            return f"the bot has no slot of that name; it has {', '.join(sorted(slots))}"
        held = slots[self.name]
        if self.value is ANY_VALUE:
            return None if held is not None else "it is not set"
        return None if held == self.value else f"it holds {held!r}"

    def places(self, events: Iterable[Event]) -> list[int]:
        """See `Assertion`."""
        return [
            i
            for i, event in enumerate(events)
            if event.kind == "slot"
            and event.name == self.name
            and (self.value is ANY_VALUE or event.value == self.value)
        ]


@dataclass(frozen=True)
class SlotWasNotSet(Assertion):
    """The slot holds nothing, or not this value."""

    key = "slot_was_not_set"
    name: str
    value: Any = ANY_VALUE

    def describe(self) -> str:
        """See `Assertion`."""
        return f"slot_was_not_set: {self.name}" + ("" if self.value is ANY_VALUE else f" = {self.value!r}")

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        held = _slots(said).get(self.name)
        if self.value is ANY_VALUE:
            return None if held is None else f"it holds {held!r}"
        return f"it holds {held!r}" if held == self.value else None


@dataclass(frozen=True)
class BotUttered(Assertion):
    """What the bot said: its response's name, its text, its buttons; each as far as it is given."""

    key = "bot_uttered"
    utter_name: str | None = None
    text_matches: re.Pattern[str] | None = None
    buttons: tuple[Button, ...] | None = None

    def describe(self) -> str:
        """See `Assertion`."""
        parts = []
        if self.utter_name:
            parts.append(f"utter_name: {self.utter_name}")
        if self.text_matches:
            parts.append(f"text_matches: {self.text_matches.pattern!r}")
        if self.buttons is not None:
            parts.append(f"buttons: {_titles(self.buttons)}")
        return f"{self.key}: {', '.join(parts)}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        problems = [*self._name(said), *self._text(said), *self._buttons(said)]
        return "; ".join(problems) or None

    def places(self, events: Iterable[Event]) -> list[int]:
        """See `Assertion`."""
        return [
            i
            for i, event in enumerate(events)
            if event.kind == "bot"
            and (self.utter_name is None or event.name == self.utter_name)
            and (self.text_matches is None or _matches(self.text_matches, str(event.value or "")))
        ]

    def _name(self, said: Said) -> list[str]:
        if self.utter_name is None:
            return []
        names = [event.name for event in _events(said) if event.kind == "bot"]
        if self.utter_name in names:
            return []
        return [f"the bot's responses were: {', '.join(name or 'one without a name' for name in names)}"]

    def _text(self, said: Said) -> list[str]:
        if self.text_matches is None or _matches(self.text_matches, said.text):
            return []
        return ["nothing that was said matches"]

    def _buttons(self, said: Said) -> list[str]:
        if self.buttons is None or _same_buttons(self.buttons, said.buttons):
            return []
        return [f"the buttons were: {_titles(said.buttons)}"]


@dataclass(frozen=True)
class BotDidNotUtter(BotUttered):
    """The bot did not say this: none of what is given is met."""

    key = "bot_did_not_utter"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        met = []
        if self.utter_name is not None and not self._name(said):
            met.append(f"the response {self.utter_name} was said")
        if self.text_matches is not None and (found := _matches(self.text_matches, said.text)):
            met.append(f"it said {found.group()!r}")
        if self.buttons is not None and not self._buttons(said):
            met.append("those were the buttons")
        return "; ".join(met) or None

    def places(self, events: Iterable[Event]) -> list[int]:
        """See `Assertion`."""
        return []


@dataclass(frozen=True)
class ExactText(Assertion):
    """A ``bot`` step: a whole message, or a whole paragraph of one."""

    key = "bot"
    text: str

    def describe(self) -> str:
        """See `Assertion`."""
        return f"bot: {squeezed(self.text)!r}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        wanted = squeezed(self.text)
        paragraphs = [part for message in said.messages for part in message.split("\n\n")]
        heard = [squeezed(text) for text in (said.text, *said.messages, *paragraphs)]
        if wanted in heard:
            return None
        close = difflib.get_close_matches(wanted, heard, n=1, cutoff=0.4)
        if not close:
            return "nothing like it was said"
        return "the nearest that was said differs:\n" + differences(wanted, close[0])


@dataclass(frozen=True)
class Answer:
    """One thing that a reply answers; None for a condition means that none was named."""

    conditions: tuple[str | None, ...] | None
    topics: tuple[str, ...] | None
    context: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.conditions is not None:
            parts.append(" or ".join(one or "no condition" for one in self.conditions))
        if self.topics is not None:
            parts.append(" or ".join(self.topics))
        if self.context is not None:
            parts.append(f"({self.context})")
        return " ".join(parts)

    def is_met_by(self, answer: Mapping[str, Any]) -> bool:
        """Whether an entry of a turn's ``answers`` is this one."""
        return (
            (self.conditions is None or answer["condition"] in self.conditions)
            and (self.topics is None or answer["topic"] in self.topics)
            and (self.context is None or answer.get("context") == self.context)
        )


@dataclass(frozen=True)
class Answers(Assertion):
    """Each of these is answered; with none given, nothing is."""

    key = "answers"
    wanted: tuple[Answer, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"answers: {', '.join(map(str, self.wanted)) or 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        answers = _turn(said)["answers"]
        given = ", ".join(f"{answer['condition'] or 'no condition'} {answer['topic']}" for answer in answers)
        if not self.wanted:
            return f"answered: {given}" if answers else None
        missing = [one for one in self.wanted if not any(one.is_met_by(answer) for answer in answers)]
        if not missing:
            return None
        return f"not answered: {', '.join(map(str, missing))}; answered: {given or 'nothing'}"


@dataclass(frozen=True)
class OnlyAnswers(Answers):
    """These are answered and nothing else."""

    key = "answers_only"

    def describe(self) -> str:
        """See `Assertion`."""
        return f"answers_only: {', '.join(map(str, self.wanted))}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        if missing := super().problem(said):
            return missing
        more = [
            f"{answer['condition'] or 'no condition'} {answer['topic']}"
            for answer in _turn(said)["answers"]
            if not any(one.is_met_by(answer) for one in self.wanted)
        ]
        return f"answered as well: {', '.join(more)}" if more else None


@dataclass(frozen=True)
class SaysFact(Assertion):
    """The facts are given as answers, and their whole text is said."""

    key = "fact"
    ids: tuple[str, ...]
    texts: Mapping[str, str]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"fact: {', '.join(self.ids)}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        text = squeezed(said.text)
        problems = [
            f"the text of {one} is not said" for one in self.ids if squeezed(self.texts[one]) not in text
        ]
        if said.turn is not None:
            given = {id_ for answer in said.turn["answers"] for id_ in answer["fact_ids"]}
            problems += [f"{one} is not among the facts given" for one in self.ids if one not in given]
            if problems:
                problems.append(f"facts given: {', '.join(sorted(given)) or 'none'}")
        return "; ".join(problems) or None


@dataclass(frozen=True)
class Cites(Assertion):
    """The reply lists these sources; with none given, it lists none."""

    key = "cites"
    ids: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"cites: {', '.join(self.ids) or 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        cited = [source["id"] for source in _turn(said)["sources"]]
        listed = ", ".join(cited) or "nothing"
        if not self.ids:
            return f"it cites {listed}" if cited else None
        missing = [one for one in self.ids if one not in cited]
        return f"not cited: {', '.join(missing)}; it cites {listed}" if missing else None


@dataclass(frozen=True)
class HasUrgency(Assertion):
    """How fast the person should be seen."""

    key = "urgency"
    levels: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"urgency: {' or '.join(self.levels)}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        turn = _turn(said)
        if turn["urgency"] in self.levels:
            return None
        flags = ", ".join(flag["id"] for flag in turn["red_flags"]) or "none"
        return f"the urgency is {turn['urgency']} (red flags: {flags})"


@dataclass(frozen=True)
class RaisesRedFlags(Assertion):
    """These red flags are raised; with none given, none is."""

    key = "red_flags"
    ids: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"red_flags: {', '.join(self.ids) or 'none'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        raised = [flag["id"] for flag in _turn(said)["red_flags"]]
        listed = ", ".join(raised) or "none"
        if not self.ids:
            return f"raised: {listed}" if raised else None
        missing = [one for one in self.ids if one not in raised]
        return f"not raised: {', '.join(missing)}; raised: {listed}" if missing else None


@dataclass(frozen=True)
class EndsWithDisclaimer(Assertion):
    """The last words are the disclaimer of a country, or the general one."""

    key = "ends_with_disclaimer"
    disclaimers: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return "ends_with_disclaimer"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        text = squeezed(said.text)
        if any(text.endswith(squeezed(one)) for one in self.disclaimers):
            return None
        return f"it ends with: …{text[-90:]}"


@dataclass(frozen=True)
class NeverSays(Assertion):
    """Nothing that is said matches any of these patterns."""

    key = "never_says"
    patterns: tuple[re.Pattern[str], ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"never_says: {', '.join(repr(one.pattern) for one in self.patterns)}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        found = [match.group() for one in self.patterns if (match := _matches(one, said.text))]
        return f"it says {', '.join(map(repr, found))}" if found else None


@dataclass(frozen=True)
class Asks(Assertion):
    """The bot asks something back: a sentence of its own that ends in a question mark."""

    key = "asks"
    pattern: re.Pattern[str] | None
    is_asked: bool = True

    def describe(self) -> str:
        """See `Assertion`."""
        if self.pattern is not None:
            return f"asks: {self.pattern.pattern!r}"
        return f"asks: {'something' if self.is_asked else 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        questions = _questions(said)
        listed = "; ".join(questions) or "nothing"
        if not self.is_asked:
            return f"it asks: {listed}" if questions else None
        met = any(self.pattern is None or _matches(self.pattern, one) for one in questions)
        return None if met else f"it asks: {listed}"


@dataclass(frozen=True)
class Offers(Assertion):
    """Among the buttons are these titles."""

    key = "offers"
    titles: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"offers: {', '.join(self.titles) or 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        shown = [button.title for button in said.buttons]
        if not self.titles:
            return f"the buttons were: {_titles(said.buttons)}" if shown else None
        missing = [title for title in self.titles if title not in shown]
        return (
            f"no such button: {', '.join(missing)}; there were: {_titles(said.buttons)}" if missing else None
        )


@dataclass(frozen=True)
class PointsTo(Assertion):
    """The reply points to a page about another condition, by its name; with none given, to no page."""

    key = "points_to"
    names: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"points_to: {', '.join(self.names) or 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        posts = [str(post["name"]) for post in _turn(said).get("signposts", ())]
        listed = ", ".join(posts) or "nothing"
        if not self.names:
            return f"it points to {listed}" if posts else None
        lowered = [post.casefold() for post in posts]
        missing = [name for name in self.names if name.casefold() not in lowered]
        return f"it points to {listed}" if missing else None


@dataclass(frozen=True)
class Dials(Assertion):
    """These numbers can be called with one tap; with none given, none can."""

    key = "dials"
    numbers: tuple[str, ...]

    def describe(self) -> str:
        """See `Assertion`."""
        return f"dials: {', '.join(self.numbers) or 'nothing'}"

    def problem(self, said: Said) -> str | None:
        """See `Assertion`."""
        shown = [
            phone["number"] for block in _turn(said).get("blocks", ()) for phone in block.get("phones", ())
        ]
        listed = ", ".join(shown) or "none"
        if not self.numbers:
            return f"numbers to call: {listed}" if shown else None
        missing = [number for number in self.numbers if number not in shown]
        return f"numbers to call: {listed}" if missing else None


def check_order(assertions: Iterable[Assertion], said: Said, line: int | None) -> Check:
    """Whether claims that have a place in time came true in the order in which they stand."""
    claim = "assertion_order_enabled"
    if said.events is None:
        return Check(claim, "not checked", "needs a look inside the bot; run it without --url", line)
    reached = -1
    for assertion in assertions:
        places = assertion.places(said.events)
        if not places:
            continue
        later = [place for place in places if place > reached]
        if not later:
            return Check(claim, "broken", f"{assertion.describe()} came before what stands above it", line)
        reached = later[0]
    return Check(claim, "kept", line=line)


def differences(wanted: str, said: str) -> str:
    """Two texts word by word: ``[-only wanted-]`` and ``{+only said+}``."""
    left, right = wanted.split(), said.split()
    parts = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(" ".join(left[i1:i2]))
            continue
        if i1 < i2:
            parts.append(f"[-{' '.join(left[i1:i2])}-]")
        if j1 < j2:
            parts.append(f"{{+{' '.join(right[j1:j2])}+}}")
    return " ".join(parts)


def _matches(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text) or pattern.search(squeezed(text))


def _titles(buttons: Iterable[Button]) -> str:
    return ", ".join(button.title for button in buttons) or "none"


def _same_buttons(wanted: tuple[Button, ...], shown: tuple[Button, ...]) -> bool:
    return len(wanted) == len(shown) and all(
        one.title == other.title and (one.payload is None or one.payload == other.payload)
        for one, other in zip(wanted, shown, strict=True)
    )


def _questions(said: Said) -> list[str]:
    if said.turn is not None:
        # A heading repeats the person's question, and a list offers questions to pick from.
        texts = [
            str(block["text"]) for block in said.turn["blocks"] if block["type"] in ("paragraph", "note")
        ]
    else:
        texts = [said.text]
    sentences = [
        sentence.strip()
        for text in texts
        for sentence in re.findall(r"[^.!?]*[.!?]", re.sub(r"(?<=\w)\.(?=\w)", " ", text))
    ]
    return [sentence for sentence in sentences if sentence.endswith("?")]
