"""Asking the action server, so that none of its failures can hold up or loop a turn."""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig


class ActionRefused(aiohttp.ClientError):
    """The action server did not run the action."""


class ActionServer(EndpointConfig):
    """The action server as Rasa asks it.

    Rasa takes a 400 for an action that declines to run, and then asks for the same action again,
    without end. None of ours declines: here it is a failure like any other.
    """

    _kept: aiohttp.ClientSession | None = None

    @classmethod
    def at(cls, endpoint: EndpointConfig) -> ActionServer:
        """The server that ``endpoints.yml`` names."""
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )

    def session(self) -> Any:
        """One session for all requests: Rasa would open a connection for each."""
        if self._kept is None or self._kept.closed:
            self._kept = super().session()
        assert self._kept is not None
        return _KeptSession(self._kept)

    async def close(self) -> None:
        """Close the connections."""
        if self._kept is not None:
            await self._kept.close()

    async def request(self, *args: Any, **values: Any) -> Any:
        """Run an action.

        Raises:
            ActionRefused: the server answered with an error.
        """
        try:
            try:
                return await super().request(*args, **values)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                # A kept connection may be to a server that has gone and come back. Actions have no
                # effect but their answer, so that asking twice does no harm.
                return await super().request(*args, **values)
        except ClientResponseError as error:
            # Not with its text: it may repeat what the person wrote.
            raise ActionRefused(f"status {error.status}") from None


class _KeptSession:
    """A session that stays open at the end of Rasa's ``async with``."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *error: object) -> None:
        """Nothing to do: `ActionServer.close` closes it."""
