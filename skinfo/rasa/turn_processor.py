"""Rasa's processing of a turn, without work that is the same each time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class TurnProcessor(MessageProcessor):
    """Runs custom actions as `LeanRemoteAction`."""

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
