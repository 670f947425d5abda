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

    async def request(self, *args: Any, **values: Any) -> Any:
        """Run an action.

        Raises:
            ActionRefused: the server answered with an error.
        """
        try:
            return await super().request(*args, **values)
        except ClientResponseError as error:
            # Not with its text: it may repeat what the person wrote.
            raise ActionRefused(f"status {error.status}") from None
