"""What ``endpoints.yml`` names, with the settings filled in."""

from __future__ import annotations

import os
from typing import Any

from skinfo.paths import project_folder
from skinfo.rasa.settings import Settings


def read_endpoints(settings: Settings | None = None) -> Any:
    """Read ``endpoints.yml``.

    Returns:
        Rasa's ``AvailableEndpoints``; its action server is an `ActionServer`.
    """
    from rasa.core.utils import AvailableEndpoints

    from skinfo.rasa.action_client import ActionServer

    settings = settings or Settings.shared()
    # Rasa fills in what the environment holds, and reads nothing at all when something is missing.
    os.environ["SKINFO_DATABASE_URL"] = settings.conversations_url()
    os.environ["SKINFO_REDIS_URL"] = settings.redis_url or ""
    os.environ.setdefault("SKINFO_ACTIONS_URL", "")
    endpoints = AvailableEndpoints.read_endpoints(str(project_folder() / "endpoints.yml"))
    if endpoints.action is not None:
        endpoints.action = ActionServer.at(endpoints.action)
    return endpoints


def open_store(settings: Settings | None = None) -> Any:
    """The store of conversations that ``endpoints.yml`` names, for commands beside the server.

    Returns:
        A `ConversationStore`.

    Raises:
        DatabaseUnusable: it cannot be reached.
        TypeError: it names another kind of store.
    """
    from rasa.core.tracker_store import TrackerStore

    from skinfo.rasa.conversation_store import ConversationStore

    store = TrackerStore.create(read_endpoints(settings).tracker_store)
    if not isinstance(store, ConversationStore):
        raise TypeError(f"endpoints.yml names {type(store).__name__}, which is no ConversationStore")
    return store
