"""The conversations as commands beside the server open them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from skinfo.cli.errors import Unusable


def open_conversations() -> Any:
    """The server's store of conversations.

    Returns:
        A `ConversationStore`.

    Raises:
        Unusable: there is none, or it cannot be reached.
    """
    from sqlalchemy.engine import make_url

    from skinfo.rasa.database import DatabaseUnusable
    from skinfo.rasa.endpoints import open_store
    from skinfo.rasa.settings import Settings, SettingsError

    try:
        settings = Settings.shared()
        url = make_url(settings.conversations_url())
        # A command that only reads and deletes must not make an empty database somewhere.
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
            raise Unusable(
                f"{url.database}: no conversations are kept there\n"
                "  mend: set SKINFO_STATE or SKINFO_DATABASE_URL as for the server, or start the server once"
            )
        return open_store(settings)
    except (SettingsError, DatabaseUnusable, TypeError) as error:
        raise Unusable(str(error)) from None
