"""Conversations on SQL, with deletion."""

from __future__ import annotations

from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's SQL store; a conversation can be deleted."""

    async def delete(self, sender_id: str) -> None:
        """Forget everything that was said in a conversation."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()


def conversations_of(agent: Agent) -> ConversationStore:
    """The running bot's conversations; see `store_below`."""
    return store_below(agent.tracker_store)


def store_below(store: TrackerStore) -> ConversationStore:
    """The store under the wrappers that Rasa puts around it.

    Raises:
        TypeError: ``endpoints.yml`` names another store, which cannot delete.
    """
    while not isinstance(store, ConversationStore) and hasattr(store, "_tracker_store"):
        store = store._tracker_store
    if not isinstance(store, ConversationStore):
        raise TypeError(f"{type(store).__name__} cannot delete conversations")
    return store
