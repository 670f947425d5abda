"""What an operator sets in the environment, read and checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, Field, ValidationError, root_validator, validator

from skinfo.paths import state_folder
from skinfo.rasa.database import parse_database_url

#: Shorter secrets can be guessed.
_SHORTEST_SECRET = 16
_REDIS = re.compile(r"^rediss?://[^/\s]+(?:/\d*)?(?:\?.*)?$")
_ORIGIN = re.compile(r"^https?://[A-Za-z0-9.-]+(?::\d{1,5})?$")


#: For measurements and tests, which are many people from one address.
NO_LIMITS = {
    "SKINFO_MESSAGES_PER_MINUTE": "1000000",
    "SKINFO_ADDRESS_MESSAGES_PER_MINUTE": "1000000",
    "SKINFO_ADDRESS_CONVERSATIONS_PER_MINUTE": "1000000",
    "SKINFO_OPEN_CONVERSATIONS_PER_ADDRESS": "1000000",
    "SKINFO_OPEN_CONVERSATIONS": "1000000",
}


class SettingsError(ValueError):
    """A setting that cannot be used; says which, why, and what would be right."""


class Settings(BaseModel):
    """Every setting of the servers; the table in ``docs/operations.md`` describes them."""

    host: str = "127.0.0.1"
    secret: str | None = None
    rest_token: str | None = None
    allowed_origins: tuple[str, ...] = ()
    proxies: int = Field(0, ge=0, le=10)
    patience: float = Field(8.0, gt=0, le=60)
    messages_per_minute: int = Field(60, ge=1)
    address_messages_per_minute: int = Field(600, ge=1)
    address_conversations_per_minute: int = Field(120, ge=1)
    open_conversations_per_address: int = Field(1000, ge=1)
    open_conversations: int = Field(20_000, ge=1)
    database_url: str | None = None
    redis_url: str | None = None
    workers: int = Field(1, ge=1, le=64)
    retention_days: int = Field(30, ge=1)

    class Config:
        allow_mutation = False

    @validator("secret", "rest_token")
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None and len(value) < _SHORTEST_SECRET:
            raise ValueError(f"too short: give at least {_SHORTEST_SECRET} characters (openssl rand -hex 32)")
        return value

    @validator("allowed_origins", pre=True)
    def _as_origins(cls, value: object) -> tuple[str, ...]:
        origins = tuple(value.replace(",", " ").split()) if isinstance(value, str) else value
        assert isinstance(origins, tuple)
        for origin in origins:
            if not _ORIGIN.match(origin):
                raise ValueError(
                    f"{origin!r} is no origin: write https://www.example.org, several with commas between"
                )
        return origins

    @validator("database_url")
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None:
            parse_database_url(value)
        return value

    @validator("redis_url")
    def _is_redis(cls, value: str | None) -> str | None:
        if value is not None and not _REDIS.match(value):
            raise ValueError("no Redis: write redis://host:6379/0, or rediss:// for TLS")
        return value

    @root_validator(skip_on_failure=True)
    def _shared_locks(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["workers"] > 1 and values["redis_url"] is None:
            raise ValueError(
                f"SANIC_WORKERS: {values['workers']} workers share locks and limits in a Redis; "
                "set SKINFO_REDIS_URL as well"
            )
        return values

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``SKINFO_HOST`` and the like; empty ones count as not set.

        Raises:
            SettingsError: the first setting that cannot be used.
        """
        environment = os.environ if environment is None else environment
        given = {
            name: environment[variable_of(name)]
            for name in cls.__fields__
            if environment.get(variable_of(name))
        }
        try:
            return cls.parse_obj(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            where = f"{variable_of(name)}: " if name in cls.__fields__ else ""
            raise SettingsError(f"{where}{first['msg']}") from None

    def conversations_url(self) -> str:
        """The database of conversations: the one that is set, or a file in the state folder."""
        return self.database_url or f"sqlite:///{state_folder() / 'conversations.db'}"

    @classmethod
    @lru_cache(maxsize=1)
    def shared(cls) -> Settings:
        """The settings of this process."""
        return cls.from_environment()


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    # Rasa's own name, which its users know.
    return "SANIC_WORKERS" if name == "workers" else f"SKINFO_{name.upper()}"
