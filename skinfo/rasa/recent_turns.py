"""A conversation as a turn needs it: what is remembered, and the last turns.

Rasa replays all that was said in a session on every turn, several times over, and sends it to the
action server: a turn costs more the longer the conversation is. What our actions need of the past
stands in the slots. A tracker of the last turns begins as Rasa itself begins a session that takes
its slots over, so that policies and actions notice no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

#: Turns that are loaded, the one to come not counted. Rules look no further back.
RECENT_TURNS = 2

SerialisedEvent = Mapping[str, Any]


class RecentTracker(DialogueStateTracker):
    """A tracker that knows what of it is stored.

    Attributes:
        stored: how many of its events need not be stored again.
        version: the conversation's version that it was loaded at; 0 for a new one.
    """

    stored: int = 0
    version: int = 0

    def new_events(self) -> list[Event]:
        """What is not stored yet, in order."""
        return list(self.events)[self.stored :]

    def take_as_stored(self) -> None:
        """Note that all of it was stored, as one more version."""
        self.stored = len(self.events)
        self.version += 1


def recent_tracker(
    conversation: str,
    version: int,
    remembered: Mapping[str, Any],
    last: Sequence[SerialisedEvent],
    slots: Iterable[Slot],
) -> RecentTracker:
    """Build the tracker of a conversation's last turns.

    Args:
        conversation: its name.
        version: how many turns were written.
        remembered: the slots' values after all that was said.
        last: the last events, oldest first, at least `RECENT_TURNS` turns where there are so many.
        slots: the domain's.
    """
    tracker = RecentTracker(conversation, slots)
    begins, window = _window(last)
    if not begins and window:
        when = window[0].get("timestamp")
        for event in _carried_over(remembered, frozenset(tracker.slots), when):
            tracker.update(event)
    for serialised in window:
        tracker.update(Event.from_parameters(dict(serialised)))
    tracker.stored = len(tracker.events)
    tracker.version = version
    return tracker


def _window(last: Sequence[SerialisedEvent]) -> tuple[bool, Sequence[SerialisedEvent]]:
    """The events to load, and whether a session begins with them."""
    turns = 0
    for position in range(len(last) - 1, -1, -1):
        kind = last[position]["event"]
        if kind == SessionStarted.type_name:
            # Rasa writes the action that starts a session before the start itself.
            before = last[position - 1] if position else {}
            started_by = before.get("name") == ACTION_SESSION_START_NAME
            return True, last[position - started_by :]
        if kind == "user":
            turns += 1
            if turns == RECENT_TURNS:
                return False, last[position:]
    return False, last


def _carried_over(values: Mapping[str, Any], known: frozenset[str], when: float | None) -> list[Event]:
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=when),
        SessionStarted(timestamp=when),
        *(
            SlotSet(name, value, timestamp=when)
            for name, value in values.items()
            if value is not None and name in known
        ),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=when),
    ]
