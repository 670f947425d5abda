"""Holding a case's conversation with a target, and what came of it as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from skinfo.suites.assertions import Check, check_order
from skinfo.suites.cases import SOMEBODY, Case, Step
from skinfo.suites.promises import Promises
from skinfo.suites.said import Dialogue, Said, Target
from skinfo.suites.vocabulary import Vocabulary


@dataclass(frozen=True)
class Exchange:
    """One message and its reply, with every check on it.

    Attributes:
        user: what was said; empty for the bot's first words.
        person: who said it.
        pressed: whether it was a button.
        said: the reply.
        checks: the case's claims, then the standing promises.
    """

    user: str
    person: str
    pressed: bool
    said: Said
    checks: tuple[Check, ...]

    @property
    def broken(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.outcome == "broken")


@dataclass(frozen=True)
class Held:
    """A conversation that was held."""

    case: Case
    exchanges: tuple[Exchange, ...]

    @property
    def is_kept(self) -> bool:
        """Whether nothing was broken."""
        return not any(exchange.broken for exchange in self.exchanges)

    @property
    def not_checked(self) -> tuple[Check, ...]:
        """Claims that the target could not be held to."""
        return tuple(
            check
            for exchange in self.exchanges
            for check in exchange.checks
            if check.outcome == "not checked"
        )

    @property
    def claims_checked(self) -> int:
        """How many of the case's own claims were held against a reply."""
        return sum(
            check.line is not None and check.outcome != "not checked"
            for exchange in self.exchanges
            for check in exchange.checks
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a report that another process writes."""
        return {
            "name": self.case.name,
            "file": str(self.case.file),
            "line": self.case.line,
            "known_failure": self.case.known_failure,
            "exchanges": [
                {
                    "user": exchange.user,
                    "person": exchange.person,
                    "pressed": exchange.pressed,
                    "text": exchange.said.text,
                    "buttons": [button.title for button in exchange.said.buttons],
                    "blocks": _plain((exchange.said.turn or {}).get("blocks")),
                    "urgency": (exchange.said.turn or {}).get("urgency"),
                    "checks": [asdict(check) for check in exchange.checks],
                }
                for exchange in self.exchanges
            ],
        }


class Holder:
    """Holds cases with one target."""

    def __init__(self, target: Target, vocabulary: Vocabulary, *, promises: bool = True) -> None:
        """Make ready to hold cases.

        Args:
            target: whom to talk to.
            vocabulary: the content that the promises are held against.
            promises: whether each turn is held to Skinfo's standing promises.
        """
        self.target = target
        self._vocabulary = vocabulary
        self._promises = Promises(vocabulary) if promises else None

    def hold(self, case: Case) -> Held:
        """Hold a case's conversation to its end, whatever breaks on the way.

        Raises:
            TargetFailed: the target does not answer.
            CannotSay: the target cannot do what the case asks for.
        """
        dialogues: dict[str, _Talk] = {}
        exchanges: list[Exchange] = []
        try:
            for step in case.steps:
                talk = dialogues.get(step.person)
                if talk is None:
                    dialogue = self.target.open(slots=case.slots, metadata=case.metadata, stubs=case.stubs)
                    talk = dialogues[step.person] = _Talk(dialogue)
                    talk.note_country(case.metadata, self._vocabulary if self._promises else None)
                    if dialogue.welcome is not None:
                        checks = self._standing(dialogue.welcome, talk)
                        exchanges.append(Exchange("", step.person, False, dialogue.welcome, checks))
                exchanges.append(self._exchange(case, step, talk))
        finally:
            for talk in dialogues.values():
                talk.dialogue.close()
        return Held(case, tuple(exchanges))

    def _exchange(self, case: Case, step: Step, talk: _Talk) -> Exchange:
        metadata = {**case.metadata, **step.metadata}
        talk.note_country(metadata, self._vocabulary if self._promises else None)
        payload = talk.payload_of(step.user)
        said = talk.say(step.user, payload, metadata)
        checks = [assertion.check(said) for assertion in step.assertions]
        if step.in_order:
            checks.append(check_order(step.assertions, said, step.line))
        checks += self._standing(said, talk)
        return Exchange(
            step.user,
            "" if step.person == SOMEBODY else step.person,
            payload is not None,
            said,
            tuple(checks),
        )

    def _standing(self, said: Said, talk: _Talk) -> tuple[Check, ...]:
        return tuple(self._promises.check(said, talk.country)) if self._promises else ()


class _Talk:
    """A dialogue with what must be remembered of it."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.country: str | None = None
        self._buttons = {button.title.casefold(): button.payload for button in _first_buttons(dialogue)}

    def note_country(self, metadata: Mapping[str, Any], vocabulary: Vocabulary | None) -> None:
        """Remember a country that the bot knows, as the bot itself does."""
        country = metadata.get("country")
        if isinstance(country, str) and vocabulary is not None and vocabulary.phrases.knows_country(country):
            self.country = country.upper()

    def payload_of(self, text: str) -> str | None:
        """What the button of that title sends, where one was shown last."""
        return self._buttons.get(text.strip().casefold())

    def say(self, text: str, payload: str | None, metadata: Mapping[str, Any]) -> Said:
        said = self.dialogue.say(text, payload=payload, metadata=metadata)
        self._buttons = {button.title.casefold(): button.payload for button in said.buttons}
        return said


def _first_buttons(dialogue: Dialogue) -> tuple[Any, ...]:
    return dialogue.welcome.buttons if dialogue.welcome is not None else ()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
