"""The JSON that the widget speaks; ``openapi.yml`` beside this file describes it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from skinfo.conversation import Responder
from skinfo.facts import FactStore
from skinfo.paths import facts_folder
from skinfo.rasa.buttons import Buttons
from skinfo.rasa.channels.requests import address_of, bearer, country_in, json_object
from skinfo.rasa.channels.web.description import api_description
from skinfo.rasa.channels.web.repeats import Repeats, message_id
from skinfo.rasa.channels.web.tokens import Tokens
from skinfo.rasa.conversation_store import ConversationStore
from skinfo.rasa.deleted_conversations import ConversationDeleted
from skinfo.rasa.feedback import Vote, Votes
from skinfo.rasa.figures import failures
from skinfo.rasa.guard import Guard
from skinfo.rasa.limits import FloodLimits, OpenConversations
from skinfo.rasa.message_text import readable_text
from skinfo.rasa.refusals import Refused

logger = logging.getLogger(__name__)

_NOT_STORED = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class WebApi:
    """The routes and what they need."""

    channel: str
    guard: Guard
    tokens: Tokens
    buttons: Buttons
    limits: FloodLimits
    open_conversations: OpenConversations
    repeats: Repeats

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        for method, path, answer in (
            ("POST", "/api/conversations", self.start),
            ("DELETE", "/api/conversations", self.delete),
            ("POST", "/api/messages", self.message),
            ("POST", "/api/feedback", self.feedback),
            ("GET", "/api/openapi.json", self.describe),
        ):
            routes.add_route(_as_function(answer), path, methods=[method])

    async def describe(self, request: Request) -> HTTPResponse:
        """What this API takes and gives."""
        return response.json(api_description())

    async def start(self, request: Request) -> HTTPResponse:
        """Open a conversation."""
        address = address_of(request)
        self.limits.opening(address)
        country = country_in(json_object(request), Responder.shared().phrases)
        self.open_conversations.check(address)
        conversation, token, expires = self.tokens.issue()
        self.open_conversations.use(conversation, address)
        turn = self._signed(conversation, self.guard.welcome(country))
        return response.json(
            {"token": token, "expires_at": expires, "turn": turn}, status=201, headers=_NOT_STORED
        )

    async def delete(self, request: Request) -> HTTPResponse:
        """Forget a conversation; its token is refused from then on."""
        conversation = self.tokens.read(bearer(request))
        try:
            store = _store(request)
            if await store.was_deleted(conversation):
                raise Refused("conversation_unknown")
            await store.delete(conversation)
        except Refused:
            raise
        except Exception as error:
            failures.labels(f"deletion_{type(error).__name__}").inc()
            logger.error("A conversation could not be deleted (%s).", type(error).__name__)
            raise Refused("not_available", retry_after=60) from None
        self.open_conversations.close(conversation)
        return response.empty()

    async def message(self, request: Request) -> HTTPResponse:
        """Answer a message, once."""
        conversation = self.tokens.read(bearer(request))
        address = address_of(request)
        self.limits.message(conversation, address)
        body = json_object(request)
        country = country_in(body, Responder.shared().phrases)
        id_ = message_id(body.get("id"))
        said = self._said(body, conversation)
        self.open_conversations.use(conversation, address)
        message = UserMessage(
            text=said,
            sender_id=conversation,
            input_channel=self.channel,
            message_id=id_,
            metadata={"country": country} if country else None,
        )

        async def answer() -> dict[str, Any]:
            return await self._answer(request, message, id_)

        turn = await self.repeats.once(conversation, id_, said, answer)
        return response.json(self._signed(conversation, turn), headers=_NOT_STORED)

    async def feedback(self, request: Request) -> HTTPResponse:
        """Count whether an answer helped, without text."""
        conversation = self.tokens.read(bearer(request))
        self.limits.message(conversation, address_of(request))
        body = json_object(request)
        try:
            vote = Vote.read(body, known_facts() | set(request.app.ctx.agent.domain.intents))
        except ValueError:
            raise Refused("bad_feedback") from None
        try:
            store = _store(request)
            if await store.was_deleted(conversation):
                raise Refused("conversation_unknown")
            await asyncio.to_thread(Votes(store.engine).count, conversation, vote)
        except Refused:
            raise
        except Exception as error:
            failures.labels(f"feedback_{type(error).__name__}").inc()
            raise Refused("not_available", retry_after=60) from None
        return response.empty()

    async def _answer(self, request: Request, message: UserMessage, id_: str | None) -> dict[str, Any]:
        async def is_new(store: ConversationStore) -> bool:
            known = await store.answer_to(message.sender_id, id_)
            if known is None:
                return True
            if not known.is_to(message.text or ""):
                raise Refused("id_taken")
            await message.output_channel.send_response(message.sender_id, {"custom": {"skinfo": known.turn}})
            return False

        async def handle(message: UserMessage) -> None:
            # In here a store that fails ends in an apology like any other failure.
            try:
                await request.app.ctx.agent.handle_message(message, is_new)
            except ConversationDeleted:
                raise Refused("conversation_unknown") from None

        return await self.guard.turn(message, handle)

    def _said(self, body: dict[str, Any], conversation: str) -> str:
        if body.get("payload") is not None:
            return self.buttons.press(conversation, body["payload"])
        return readable_text(body.get("text"))

    def _signed(self, conversation: str, turn: dict[str, Any]) -> dict[str, Any]:
        return {**turn, "suggestions": self.buttons.offer(conversation, turn["suggestions"])}


@lru_cache(maxsize=1)
def known_facts() -> frozenset[str]:
    """The ids of the facts that are served."""
    return frozenset(FactStore.load(facts_folder()).facts)


def _as_function(answer: Callable[[Request], Awaitable[HTTPResponse]]) -> Any:
    """Sanic writes attributes on its handlers, which a method does not allow."""

    async def handler(request: Request) -> HTTPResponse:
        return await answer(request)

    handler.__name__ = answer.__name__
    return handler


def _store(request: Request) -> ConversationStore:
    store: ConversationStore = request.app.ctx.agent.tracker_store
    return store
