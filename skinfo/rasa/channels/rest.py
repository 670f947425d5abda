"""Rasa's REST channel behind the guard."""

from __future__ import annotations

from rasa.core.channels.rest import RestInput

from skinfo.rasa.guard import GuardedChannel


class GuardedRestInput(GuardedChannel, RestInput):  # type: ignore[misc]
    """``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …}``."""

    @classmethod
    def name(cls) -> str:
        """Rasa's own name, so that existing clients find it where they expect it."""
        return "rest"
