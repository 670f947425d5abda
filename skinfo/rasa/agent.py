"""Rasa's agent with our store and locks as they are, and without work that a turn does not need."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from skinfo.rasa.conversation_store import ConversationChanged, ConversationStore
from skinfo.rasa.figures import failures
from skinfo.rasa.turn_processor import Before, TurnProcessor

#: How often a turn is answered anew after its conversation went on elsewhere.
_TRIES = 3


class ConversationAgent(Agent):
    """An agent on a `ConversationStore`.

    Rasa's own wraps the store so that a failing one is silently replaced by the memory. Here the
    store's failures show, and the guard says so.
    """

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> TrackerStore:
        if not isinstance(store, ConversationStore):
            raise TypeError(f"endpoints.yml names {type(store).__name__}, which is no ConversationStore")
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """See `Agent.load_model`; the processor is ours."""
        self.processor = TurnProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses

    async def handle_message(self, message: UserMessage, before: Before | None = None) -> None:
        """Answer a message, alone in its conversation.

        Args:
            message: what was said.
            before: asked when the conversation is loaded; False ends it there.

        Raises:
            ConversationDeleted: the conversation was deleted meanwhile.
            ConversationChanged: it went on elsewhere, again and again.
        """
        assert self.processor is not None
        async with self.lock_store.lock(message.sender_id):
            for again in range(_TRIES - 1, -1, -1):
                try:
                    # Whatever went on elsewhere may be this very message: `before` is asked anew.
                    await self.processor.handle_message(message, before)
                    return
                except ConversationChanged:
                    failures.labels("conversation_changed").inc()
                    if not again:
                        raise
