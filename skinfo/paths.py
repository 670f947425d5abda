"""Where the project's folders are."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def project_folder() -> Path:
    """The folder that holds ``facts/`` and ``config.yml``: ``SKINFO_HOME``, or found from here."""
    home = os.environ.get("SKINFO_HOME")
    if home:
        return Path(home).resolve()
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parent.parent):
        if (folder / "facts" / "conditions").is_dir() and (folder / "config.yml").is_file():
            return folder
    return Path(__file__).resolve().parent.parent


def facts_folder() -> Path:
    """The curated content."""
    return project_folder() / "facts"


def models_folder() -> Path:
    """Everything that is built or trained; may be deleted at any time."""
    return project_folder() / "models"


def encoder_folder() -> Path:
    """The sentence encoder: the operator's own (``SKINFO_ENCODER``) or the one that was built."""
    own = os.environ.get("SKINFO_ENCODER")
    return Path(own).resolve() if own else models_folder() / "encoder"


def red_flag_model() -> Path:
    """What was learned of red flags."""
    return models_folder() / "red_flags.npz"


def language_folder() -> Path:
    """The saved spaCy pipeline."""
    return models_folder() / "language"


def state_folder() -> Path:
    """Conversations and other things that must outlive a restart."""
    return Path(os.environ.get("SKINFO_STATE", project_folder() / "var")).resolve()
