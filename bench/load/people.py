"""People who talk to a bot, as Locust plays them: ``python -m locust -f bench/load/people.py``.

Each person says one message after another, the next one as soon as the reply is there. `replay`
runs this in a process of its own, for Locust rewires the standard library of the process that it is in.
"""

from __future__ import annotations

import itertools
import json
import time
import uuid
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task
from locust.env import Environment

#: What Locust calls a request in which a message is said.
_MESSAGE = "message"
#: Seconds to wait for a reply; much more than a person would.
_PATIENCE = 120.0
#: Seconds of rest after a conversation could not be opened: a dead server shall not be hammered.
_REST = 0.5


@events.init_command_line_parser.add_listener
def add_options(parser: ArgumentParser) -> None:
    """Add ours to Locust's own options."""
    parser.add_argument("--channel", choices=sorted(_CHANNELS), default="web")
    parser.add_argument("--script", help="JSON file: the conversations, and how an apology begins")
    parser.add_argument("--said", help="file for what was said, one line a message")
    parser.add_argument("--turns", type=int, default=0, help="stop after so many turns of one conversation")


class Bot(ABC):
    """A bot over HTTP: how to open a conversation and say something in it."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @abstractmethod
    def open(self) -> bool:
        """Start a new conversation; False when that did not work."""

    @abstractmethod
    def post(self, text: str, seen: dict[str, Any]) -> Any:
        """Send a message; Locust's answer, as a context manager."""

    @abstractmethod
    def replies(self, said: Any) -> list[dict[str, Any]]:
        """The machine-readable turns in an answer's JSON; the text alone where it has only that."""


class Web(Bot):
    """Skinfo's website channel."""

    def open(self) -> bool:
        """See `Bot`."""
        with self._client.post("/api/conversations", json={}, name="open", catch_response=True) as answer:
            if answer.status_code != 201:
                answer.failure(f"status {answer.status_code}")
                return False
            self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}
            return True

    def post(self, text: str, seen: dict[str, Any]) -> Any:
        """See `Bot`."""
        return self._client.post(
            "/api/messages",
            json={"text": text},
            headers=self._headers,
            name=_MESSAGE,
            # Locust copies the outer one.
            context={"seen": seen},
            catch_response=True,
        )

    def replies(self, said: Any) -> list[dict[str, Any]]:
        """See `Bot`."""
        return [said]


class Rest(Bot):
    """Rasa's REST channel."""

    def open(self) -> bool:
        """See `Bot`; Rasa needs nothing for it."""
        self._sender = uuid.uuid4().hex
        return True

    def post(self, text: str, seen: dict[str, Any]) -> Any:
        """See `Bot`."""
        return self._client.post(
            "/webhooks/rest/webhook",
            json={"sender": self._sender, "message": text},
            name=_MESSAGE,
            # Locust copies the outer one.
            context={"seen": seen},
            catch_response=True,
        )

    def replies(self, said: Any) -> list[dict[str, Any]]:
        """See `Bot`; the text and what else an action says come as messages of their own."""
        return [
            {"text": message["text"]} if message.get("text") else message["custom"]["skinfo"]
            for message in said
            if message.get("text") or (message.get("custom") or {}).get("skinfo")
        ]


_CHANNELS: dict[str, type[Bot]] = {"web": Web, "rest": Rest}
_numbers = itertools.count()


class Person(FastHttpUser):
    """One session: conversation after conversation, or a single long one."""

    wait_time = constant(0)
    connection_timeout = network_timeout = _PATIENCE

    def on_start(self) -> None:
        """Choose where in the script to begin: not all people say the same at once."""
        options = self.environment.parsed_options
        script = json.loads(Path(options.script).read_text(encoding="utf-8"))
        self._apology = script["apology"]
        self._bot = _CHANNELS[options.channel](self.client)
        self._turns = options.turns
        conversations = script["conversations"]
        begin = next(_numbers) * 37 % len(conversations)
        self._script = itertools.cycle(conversations[begin:] + conversations[:begin])

    @task
    def talk(self) -> None:
        """Hold a conversation."""
        if not self._bot.open():
            gevent.sleep(_REST)
            return
        if self._turns:
            for text in itertools.islice(self._endlessly(), self._turns):
                self._say(text)
            self.environment.runner.quit()
        else:
            for text in next(self._script):
                self._say(text)

    def _endlessly(self) -> Iterator[str]:
        return itertools.chain.from_iterable(self._script)

    def _say(self, text: str) -> None:
        seen: dict[str, Any] = {"facts": False}
        with self._bot.post(text, seen) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code}")
                return
            try:
                replies = self._bot.replies(answer.json())
            except (ValueError, TypeError, KeyError, AttributeError):
                answer.failure("no reply in the answer")
                return
            texts = [reply.get("text") or "" for reply in replies]
            if not any(texts):
                answer.failure("no reply")
            elif any(self._apology in text for text in texts):
                answer.failure("an apology")
            seen["facts"] = any(
                answer.get("fact_ids") for reply in replies for answer in reply.get("answers") or ()
            )


@events.init.add_listener
def keep_what_is_said(environment: Environment, **_: Any) -> None:
    """Note each message's time, and at the end write all of them to ``--said``."""
    options = environment.parsed_options
    said: list[tuple[float, float, str | None, bool]] = []
    unopened: list[str] = []
    # What the process has used before is Locust's own start.
    began = {"at": time.time(), "cpu": time.process_time()}

    def begin(**_: Any) -> None:
        began.update(at=time.time(), cpu=time.process_time())

    def note(
        name: str, start_time: float, response_time: float, exception: Any, context: Any, **_: Any
    ) -> None:
        problem = None if exception is None else str(exception) or type(exception).__name__
        if name == _MESSAGE:
            ended = start_time - began["at"] + response_time / 1000
            said.append((ended, response_time, problem, bool(context["seen"].get("facts"))))
        elif problem is not None:
            unopened.append(problem)

    def write(**_: Any) -> None:
        cores = (time.process_time() - began["cpu"]) / max(time.time() - began["at"], 1e-3)
        found = {"said": said, "unopened": unopened, "cores": cores}
        Path(options.said).write_text(json.dumps(found), encoding="utf-8")

    environment.events.test_start.add_listener(begin)
    environment.events.request.add_listener(note)
    environment.events.quitting.add_listener(write)
