"""What a bot said in one turn, as far as the way it was spoken to can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Button:
    """A button under a reply."""

    title: str
    payload: str | None = None


@dataclass(frozen=True)
class Event:
    """One thing that happened inside the bot.

    Attributes:
        kind: an action ran, a slot was set, or the bot said something.
        name: of the action or slot; for what was said, the response's name, if it has one.
        value: the slot's value, or the text.
    """

    kind: Literal["action", "slot", "bot"]
    name: str
    value: Any = None


@dataclass(frozen=True)
class Said:
    """The bot's side of a turn.

    Attributes:
        messages: what was sent, in order; a messaging platform gets a long reply in several.
        buttons: in order.
        turn: Skinfo's machine-readable turn; None where only text comes back.
        events: what happened inside, in order; None where the target cannot see inside.
        slots: every slot's value after the turn; None where the target cannot see inside.
        platform: the reply cut for a messaging platform; empty where the target does not cut it.
        logged_by: names of the loggers that wrote down what the person said.
    """

    messages: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    turn: Mapping[str, Any] | None = None
    events: tuple[Event, ...] | None = None
    slots: Mapping[str, Any] | None = None
    platform: tuple[str, ...] = ()
    logged_by: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n\n".join(self.messages)


class CannotSay(Exception):
    """A target cannot do what a case asks for, such as setting slots; says why."""


class TargetFailed(Exception):
    """The target did not answer as it should: not reachable, an error, no JSON."""


class Dialogue(Protocol):
    """One person's conversation with a target."""

    @property
    def welcome(self) -> Said | None:
        """The first words, where the target greets before anything was said."""

    def say(self, text: str, *, payload: str | None = None, metadata: Mapping[str, Any]) -> Said:
        """Say something and wait for the reply.

        Args:
            text: what the person writes, or the title of the button pressed.
            payload: of the button that was pressed.
            metadata: what the channel says of the message, such as ``{"country": "GB"}``.

        Raises:
            TargetFailed: there was no reply to read.
            CannotSay: the target cannot carry the metadata.
        """

    def close(self) -> None:
        """Have the target forget the conversation, where it can."""


class Target(Protocol):
    """A bot that can be talked to."""

    @property
    def name(self) -> str:
        """For reports: ``the bot in this process``, or an address."""

    def open(
        self, *, slots: Mapping[str, Any], metadata: Mapping[str, Any], stubs: Mapping[str, Stub]
    ) -> Dialogue:
        """Start a fresh conversation.

        Args:
            slots: values set before anything is said.
            metadata: of the whole case.
            stubs: what stands in for custom actions.

        Raises:
            CannotSay: the target cannot set slots or stand in for actions.
            TargetFailed: it cannot be reached.
        """

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True)
class Stub:
    """Stands in for a custom action.

    Attributes:
        events: as the action server would return them.
        responses: likewise.
        unreachable: as if the action server were down.
    """

    events: tuple[Mapping[str, Any], ...] = ()
    responses: tuple[Mapping[str, Any], ...] = ()
    unreachable: bool = False
