"""The whole bot in this process: NLU, policy, actions and guard, with no ports."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from skinfo.conversation import Responder
from skinfo.rasa.guard import Guard
from skinfo.rasa.in_process_actions import InProcessActions
from skinfo.rasa.message_text import plain_words_only, printable
from skinfo.rasa.trained_files import check_trained
from skinfo.rasa.training import check_models, model_file

#: In this process nothing else competes, but a first turn may still load things.
_PATIENCE = 60.0


class Bot:
    """Answers messages; each conversation is named by its sender."""

    def __init__(self, agent: Agent, trackers: InMemoryTrackerStore) -> None:
        self._agent = agent
        self._trackers = trackers
        self._guard = Guard(Responder.shared(), patience=_PATIENCE)

    @classmethod
    def load(cls, model: Path) -> Bot:
        """Load a trained model.

        Args:
            model: the ``.tar.gz`` that training wrote.

        Raises:
            ModelRejected: it is not the file that training recorded.
        """
        check_models()
        if model != model_file():
            check_trained(model)
        trackers = InMemoryTrackerStore(Domain.empty())
        agent = Agent.load(
            str(model),
            action_endpoint=InProcessActions(),
            tracker_store=trackers,
            lock_store=InMemoryLockStore(),
        )
        trackers.domain = agent.domain
        return cls(agent, trackers)

    async def say(self, text: str, sender: str, country: str | None = None) -> dict[str, Any]:
        """The machine-readable turn that answers a message."""
        words = plain_words_only(printable(text))
        if not words.strip():
            return self._guard.refusal("no_text", country)
        message = UserMessage(
            text=words,
            sender_id=sender,
            input_channel="skinfo",
            metadata={"country": country} if country else None,
        )
        return await self._guard.turn(message, self._agent.handle_message)

    async def understand(self, text: str) -> dict[str, Any]:
        """What the NLU pipeline makes of a message: intent, ranking, questions, reading."""
        understood: dict[str, Any] = await self._agent.parse_message(text)
        return understood

    async def converse(self, messages: list[str], country: str | None = None) -> list[dict[str, Any]]:
        """The turns of a fresh conversation, which is forgotten afterwards."""
        sender = uuid.uuid4().hex
        turns = [await self.say(text, sender, country) for text in messages]
        self._trackers.store.pop(sender, None)
        return turns
