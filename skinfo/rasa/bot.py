"""The whole bot in this process: NLU, policy, actions and guard, with no ports."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from skinfo.conversation import Responder
from skinfo.rasa.agent import ConversationAgent
from skinfo.rasa.conversation_locks import ConversationLocks
from skinfo.rasa.conversation_store import ConversationStore
from skinfo.rasa.guard import Guard
from skinfo.rasa.in_process_actions import InProcessActions
from skinfo.rasa.message_text import plain_words_only, printable
from skinfo.rasa.trained_files import check_trained
from skinfo.rasa.training import check_models, model_file

#: In this process nothing else competes, but a first turn may still load things.
_PATIENCE = 60.0


class Bot:
    """Answers messages; each conversation is named by its sender."""

    def __init__(self, agent: ConversationAgent) -> None:
        self._agent = agent
        self._trackers = agent.tracker_store
        self.renew()

    @classmethod
    def load(cls, model: Path, actions: InProcessActions | None = None) -> Bot:
        """Load a trained model.

        Args:
            model: the ``.tar.gz`` that training wrote.
            actions: what runs the custom actions, if not this process as it is.

        Raises:
            ModelRejected: it is not the file that training recorded.
        """
        check_models()
        if model != model_file():
            check_trained(model)
        agent = ConversationAgent(
            tracker_store=ConversationStore(),
            lock_store=ConversationLocks(),
            action_endpoint=actions or InProcessActions(),
        )
        agent.load_model(model)
        return cls(agent)

    def renew(self) -> None:
        """Take up the responder that is shared now, after the content was loaded anew."""
        self._guard = Guard(Responder.shared(), patience=_PATIENCE)

    async def say(
        self,
        text: str,
        sender: str,
        country: str | None = None,
        *,
        payload: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The machine-readable turn that answers a message.

        Args:
            text: what the person writes.
            sender: names the conversation.
            country: two letters, when the channel knows it.
            payload: of a button that was pressed instead.
            metadata: anything else that a channel says of the message.
        """
        words = plain_words_only(printable(text)) if payload is None else payload
        if not words.strip():
            return self._guard.refusal("no_text", country)
        told = {**(metadata or {}), **({"country": country} if country else {})}
        message = UserMessage(
            text=words,
            sender_id=sender,
            input_channel="skinfo",
            metadata=told or None,
        )
        return await self._guard.turn(message, self._agent.handle_message)

    def welcome(self, country: str | None = None) -> dict[str, Any]:
        """The first words in a new conversation."""
        return self._guard.welcome(country)

    async def tracker(self, sender: str) -> DialogueStateTracker:
        """The full record of a conversation; an empty one if nothing was said yet."""
        return await self._trackers.retrieve_full_tracker(sender) or self._trackers.init_tracker(sender)

    async def set_slots(self, sender: str, values: Mapping[str, Any]) -> None:
        """Fill slots before anything is said.

        Raises:
            KeyError: the bot has no slot of that name.
        """
        tracker = await self._trackers.get_or_create_tracker(sender, append_action_listen=False)
        # With a session begun, the first message does not begin one and clear the slots.
        tracker.update(ActionExecuted("action_session_start"))
        tracker.update(SessionStarted())
        for name, value in values.items():
            if name not in tracker.slots:
                raise KeyError(name)
            tracker.update(SlotSet(name, value))
        tracker.update(ActionExecuted("action_listen"))
        await self._trackers.save(tracker)

    async def forget(self, sender: str) -> None:
        """Drop a conversation."""
        await self._trackers.delete(sender)

    async def understand(self, text: str) -> dict[str, Any]:
        """What the NLU pipeline makes of a message: intent, ranking, questions, reading."""
        understood: dict[str, Any] = await self._agent.parse_message(text)
        return understood

    async def converse(self, messages: list[str], country: str | None = None) -> list[dict[str, Any]]:
        """The turns of a fresh conversation, which is forgotten afterwards."""
        sender = uuid.uuid4().hex
        turns = [await self.say(text, sender, country) for text in messages]
        await self.forget(sender)
        return turns
