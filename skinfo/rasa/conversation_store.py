"""Conversations on SQL, with deletion."""

from __future__ import annotations

from rasa.core.tracker_store import SQLTrackerStore


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's SQL store; a conversation can be deleted."""

    async def delete(self, sender_id: str) -> None:
        """Forget everything that was said in a conversation."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()
