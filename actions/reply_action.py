"""What all our actions share: read the turn off the tracker, reply once, remember."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from skinfo.conversation import (
    Drafter,
    Guess,
    Memory,
    Question,
    Responder,
    Turn,
    read_payload,
)
from skinfo.language import Reading

#: Where a pipeline has no classifier of scope.
_SCOPE_UNKNOWN = 0.5


class ReplyAction(Action):
    """An action that answers the turn with exactly one complete reply."""

    @abstractmethod
    def drafter(self, responder: Responder) -> Drafter:
        """The part of the conversation that answers."""

    def name(self) -> str:
        """Rasa's name of the action: ``action_`` and the module's name."""
        return "action_" + type(self).__module__.rsplit(".", 1)[-1]

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Reply and remember."""
        responder = Responder.shared()
        turn = read_turn(tracker)
        reply, memory = responder.reply(turn, self.drafter(responder))
        dispatcher.utter_message(text=reply.text, json_message={"skinfo": reply.to_dict()})
        before = tracker.slots
        return [SlotSet(name, value) for name, value in memory.slots().items() if before.get(name) != value]


def read_turn(tracker: Tracker) -> Turn:
    """The turn that Rasa's tracker holds: NLU's result and the remembered slots."""
    message = tracker.latest_message
    memory = Memory.from_slots(tracker.slots)
    country = _metadata(tracker).get("country")
    if isinstance(country, str) and Responder.shared().phrases.knows_country(country):
        memory = replace(memory, country=country.upper())
    pressed = read_payload(message.get("text") or "")
    if pressed is not None:
        return Turn(Guess(pressed[0], 1.0), (), (), pressed[1], memory)
    intent = message.get("intent") or {}
    ranking = message.get("intent_ranking") or []
    return Turn(
        guess=Guess(intent.get("name") or "nlu_fallback", float(intent.get("confidence") or 0)),
        nearest=tuple(
            Guess(item["name"], float(item["confidence"]))
            for item in ranking
            if item["name"] != "nlu_fallback"
        ),
        questions=tuple(
            question
            for values in message.get("questions") or ()
            if (question := Question.from_dict(values)) is not None
        ),
        reading=Reading.from_dict(message.get("reading") or {}),
        memory=memory,
        outside=float(message.get("out_of_scope", _SCOPE_UNKNOWN)),
        text=message.get("text") or "",
    )


def _metadata(tracker: Tracker) -> dict[str, Any]:
    """What the channel said of the message, such as the country."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return event.get("metadata") or {}
    return {}
