"""Running custom actions in this process: for the command line and tests, with no server."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the action server's address."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that Rasa asks for; the answer has the action server's form."""
        result = await self._executor.run(kwargs["json"])
        await asyncio.sleep(0)
        return result.dict() if hasattr(result, "dict") else result
