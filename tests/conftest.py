"""What the tests share: the real content, the trained bot in this process, and running servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from skinfo.facts import FactStore, Topic
from skinfo.paths import facts_folder
from skinfo.rasa.process import prepare_process

# Before any test imports Rasa.
prepare_process()

if TYPE_CHECKING:  # spaCy takes a second to import, and the store's tests need none of it
    from skinfo.conversation import Memory, Responder
    from skinfo.replies import Reply


#: Turns the REST channel of the servers on.
REST_TOKEN = "a-token-for-the-tests"
#: A website of another origin that the servers let in.
OTHER_SITE = "https://clinic.example"


@pytest.fixture(scope="session")
def store() -> FactStore:
    return FactStore.load(facts_folder())


@pytest.fixture(scope="session")
def responder() -> Responder:
    from skinfo.conversation import Responder

    return Responder.shared()


Ask = Callable[..., "tuple[Reply, Memory]"]


@pytest.fixture
def ask(responder: Responder) -> Ask:
    """Answer a text as if the classifier had found the topics; what is named is really read."""
    from skinfo.conversation import Guess, Memory, Question, Turn
    from skinfo.language import load_language, read_doc

    def answer(
        text: str, *topics: Topic, memory: Memory | None = None, outside: float = 0.0
    ) -> tuple[Reply, Memory]:
        turn = Turn(
            guess=Guess(f"ask_{topics[0].value}", 0.9),
            nearest=(),
            questions=tuple(map(Question, topics)) if len(topics) > 1 else (),
            reading=read_doc(load_language()(text)),
            memory=memory or Memory(),
            outside=outside,
            text=text,
        )
        return responder.reply(turn, responder.answerer.answer)

    return answer


@pytest.fixture(scope="session")
def skinfo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Skinfo: both servers, on free ports, with conversations of their own."""
    from skinfo.cli.serve import free_port, running_servers
    from skinfo.rasa.settings import NO_LIMITS

    settings = {**NO_LIMITS, "SKINFO_REST_TOKEN": REST_TOKEN, "SKINFO_ALLOWED_ORIGINS": OTHER_SITE}
    with running_servers(free_port(), tmp_path_factory.mktemp("state"), settings) as servers:
        yield servers.address


@pytest.fixture
def copied_facts(tmp_path: Path) -> Path:
    """A copy of facts/ that a test may break."""
    import shutil

    folder = tmp_path / "facts"
    shutil.copytree(facts_folder(), folder)
    return folder
