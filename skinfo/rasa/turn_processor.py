"""Rasa's processing of a turn, without work that is the same each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from skinfo.rasa.conversation_store import ConversationStore
from skinfo.rasa.guard import TurnCollector

#: What a channel wants known before a turn is answered: whether it is still to be answered.
Before = Callable[[ConversationStore], Awaitable[bool]]


class TurnWithoutReply(Exception):
    """No action said anything that may be shown."""


class TurnProcessor(MessageProcessor):
    """Stores a turn only with its reply, and runs custom actions as `LeanRemoteAction`.

    Rasa goes on when an action fails, and stores a message that nobody answered: said again, it would
    stand there twice.
    """

    async def handle_message(self, message: UserMessage, before: Before | None = None) -> None:
        """Understand a message, act, and store both.

        Args:
            message: what was said.
            before: asked when the conversation is loaded; False ends it there.

        Raises:
            ConversationChanged: the conversation went on elsewhere after it was loaded.
            ConversationDeleted: it was deleted meanwhile.
            TurnWithoutReply: nothing was said, and nothing was stored.
        """
        tracker = await self.fetch_tracker_and_update_session(
            message.sender_id, message.output_channel, message.metadata
        )
        # Only now: what is written after the loading, the store notices when this turn is written.
        if before is not None and not await before(self.tracker_store):
            return
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        if isinstance(message.output_channel, TurnCollector) and message.output_channel.turn is None:
            raise TurnWithoutReply
        await self.save_tracker(tracker)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """See `MessageProcessor.predict_next_with_tracker_if_should`."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is RemoteAction:
            action = LeanRemoteAction(action.name(), self.action_endpoint)
        return action, prediction


class LeanRemoteAction(RemoteAction):
    """A custom action that is sent what ours read, and whose answer is checked at little cost."""

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """What the action server is asked: the slots and the latest message, no domain, no history.

        The message's own event is the only one that is sent: its metadata is read off it.
        """
        state = tracker.current_state()
        message = tracker.latest_message
        state["events"] = [] if message is None else [message.as_dict()]
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": state,
            "domain": {},
            "version": _rasa_version(),
        }

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        """Rasa compiles the same schema anew for every answer.

        Raises:
            ValidationError: it is no answer of an action server.
        """
        _answer_validator().validate(result)
        return True


@lru_cache(maxsize=1)
def _answer_validator() -> Draft7Validator:
    return Draft7Validator(RemoteAction.action_response_format_spec())


@lru_cache(maxsize=1)
def _rasa_version() -> str:
    import rasa

    return str(rasa.__version__)
