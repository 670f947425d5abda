"""One turn of conversation: what is meant, what is remembered, what is answered."""

from skinfo.conversation.memory import Memory
from skinfo.conversation.responder import Drafter, Responder
from skinfo.conversation.turn import (
    GOT_HELP,
    INTENT_OF_TOPIC,
    TOPIC_OF_INTENT,
    Guess,
    Question,
    Turn,
    payload,
    read_payload,
)

__all__ = [
    "GOT_HELP",
    "INTENT_OF_TOPIC",
    "TOPIC_OF_INTENT",
    "Drafter",
    "Guess",
    "Memory",
    "Question",
    "Responder",
    "Turn",
    "payload",
    "read_payload",
]
