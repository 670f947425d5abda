"""What an operator sets in the environment, read and checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache

from limits.storage import storage_from_string
from pydantic import BaseModel, Field, ValidationError, validator

#: Shorter secrets can be guessed.
_SHORTEST_SECRET = 16
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
    """Every setting of the servers; README's table describes them."""

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
    limits_storage: str = "memory://"
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

    @validator("limits_storage")
    def _known_storage(cls, value: str) -> str:
        try:
            storage_from_string(value)
        except Exception as error:
            raise ValueError(
                f"{value!r} cannot be used ({type(error).__name__}): write memory:// or redis://host:6379"
            ) from None
        return value

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
            raise SettingsError(f"{variable_of(str(first['loc'][0]))}: {first['msg']}") from None

    @classmethod
    @lru_cache(maxsize=1)
    def shared(cls) -> Settings:
        """The settings of this process."""
        return cls.from_environment()


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return f"SKINFO_{name.upper()}"
