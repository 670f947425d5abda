"""The OpenAPI description of the web channel."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from skinfo.replies import turn_schema


@lru_cache(maxsize=1)
def api_description() -> dict[str, Any]:
    """OpenAPI 3.1, with the schema of a turn in its place."""
    text = files(__package__).joinpath("openapi.yml").read_text(encoding="utf-8")
    description: dict[str, Any] = yaml.safe_load(text)
    description["components"]["schemas"]["Turn"] = turn_schema()
    return description
