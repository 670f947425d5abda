"""The machine-readable turn as JSON Schema: what every reader of it may rely on."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@lru_cache(maxsize=1)
def turn_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of `Reply.to_dict`'s result."""
    text = files(__package__).joinpath("turn_schema.yml").read_text(encoding="utf-8")
    schema: dict[str, Any] = yaml.safe_load(text)
    return schema
