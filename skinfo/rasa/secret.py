"""The secret that signs conversations and buttons."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from skinfo.paths import state_folder
from skinfo.rasa.settings import Settings


def server_secret() -> str:
    """``SKINFO_SECRET``, or one made at first start and kept beside the conversations."""
    return Settings.shared().secret or _kept_secret(state_folder() / "secret")


def _kept_secret(file: Path) -> str:
    if file.is_file() and (known := file.read_text(encoding="ascii").strip()):
        return known
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name first (0600): two servers that start at once agree on one.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".secret-")
    with os.fdopen(handle, "w", encoding="ascii") as draft:
        draft.write(secrets.token_urlsafe(32))
    try:
        if file.is_file() and not file.read_text(encoding="ascii").strip():
            file.unlink()
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
    return file.read_text(encoding="ascii").strip()
