"""The component that lets the classifiers read slips of spelling."""

from hypothesis import given
from hypothesis import strategies as st
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.rasa.components.clause_splitter import ClauseGatherer
from skinfo.rasa.components.slip_mender import SlipMender


def _message(text: str) -> Message:
    message = Message(data={TEXT: text})
    start, tokens = 0, []
    for word in text.split():
        start = text.index(word, start)
        tokens.append(Token(word, start))
        start += len(word)
    message.set(TOKENS_NAMES[TEXT], tokens)
    return message


def _mended(message: Message) -> Message:
    return SlipMender().process([message])[0]


def test_the_classifiers_read_what_is_meant_in_text_and_tokens() -> None:
    message = _mended(_message("waht is it, and is it contageous?"))

    assert message.get(TEXT) == "what is it, and is it contagious?"
    assert " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT])) == message.get(TEXT)


def test_the_gatherer_puts_the_text_back_as_it_was_written() -> None:
    message = _mended(_message("waht is it"))

    assert ClauseGatherer().process([message])[0].get(TEXT) == "waht is it"


@given(st.text(alphabet="abcdehilostw '-.\n😀0", max_size=60))
def test_every_token_is_a_piece_of_the_mended_text(text: str) -> None:
    message = _mended(_message(text))

    mended = message.get(TEXT)
    for token in message.get(TOKENS_NAMES[TEXT]):
        assert token.text
        assert mended[token.start : token.end] == token.text
