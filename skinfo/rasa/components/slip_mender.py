"""Lets the classifiers read slips of spelling as what they are likely meant to be."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.language import Slip, mend, shared_mender
from skinfo.rasa.components.untrained_component import UntrainedComponent

#: Where a message keeps what was written, until it is put back.
_WRITTEN = "written"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SlipMender(UntrainedComponent):
    """Puts the text as it is likely meant in place of the text as written; `put_back` undoes it.

    Names and red flags were read before, each with rules of its own for slips.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Mend each message that has slips."""
        mender = shared_mender()
        for message in messages:
            text = message.get(TEXT) or ""
            slips = mender.slips(text)
            if not slips:
                continue
            message.set(_WRITTEN, text)
            mended = mend(text, slips)
            message.set(TEXT, mended)
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            message.set(TOKENS_NAMES[TEXT], [_moved(token, mended, slips) for token in tokens])
        return messages


def put_back(message: Message) -> None:
    """Give the message its text as it was written."""
    if written := message.get(_WRITTEN):
        message.set(TEXT, written)


def _moved(token: Token, mended: str, slips: Sequence[Slip]) -> Token:
    start, end = _place(token.start, slips), _place(token.end, slips)
    return Token(mended[start:end], start, end, token.data)


def _place(place: int, slips: Sequence[Slip]) -> int:
    """Where a place of the written text is in the mended one."""
    shift = 0
    for slip in slips:
        if place <= slip.start:
            break
        if place < slip.end:
            # Inside the slip: a token never ends later than what is meant.
            return slip.start + shift + min(place - slip.start, len(slip.meant))
        shift += len(slip.meant) - (slip.end - slip.start)
    return place + shift
