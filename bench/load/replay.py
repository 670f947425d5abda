"""Replaying conversations against a running bot, and what is seen of it."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench.turns import QUESTIONS
from skinfo.paths import facts_folder, project_folder
from skinfo.rasa.message_text import readable_text
from skinfo.rasa.refusals import Refused
from skinfo.suites.conversations import read_conversations
from skinfo.suites.vocabulary import Vocabulary

Channel = Literal["web", "rest"]

#: Seconds that are not counted: first turns fill caches and open connections.
WARM_UP = 3.0
#: Turns of which a median is taken around a turn: every question twice.
AROUND = 2 * len(QUESTIONS)
_PEOPLE = Path(__file__).with_name("people.py")
#: Seconds that the longest session may take.
_LONGEST = 3600.0
_LOCUST_START = 60.0


class ReplayFailed(RuntimeError):
    """Locust did not get through; its last words say why."""


@dataclass(frozen=True)
class Script:
    """What people say.

    Attributes:
        conversations: what each says, in order.
        apology: how the bot begins when something failed on its side: that counts as an error.
    """

    conversations: Sequence[Sequence[str]]
    apology: str


@dataclass(frozen=True)
class Level:
    """Some people at once.

    Attributes:
        per_second: messages with a reply, a second.
        p50, p95, p99: the time of a turn (ms), of those with a reply; None when there was none.
        errors: how often what went wrong: no reply, an apology, a status.
        facts: the share of replies that hold facts; whoever only asks back has less to do.
        memory: the most that all server processes have held so far, summed (MiB).
        generator: cores that the people themselves took.
    """

    sessions: int
    messages: int
    per_second: float
    p50: float | None
    p95: float | None
    p99: float | None
    errors: Mapping[str, int]
    facts: float
    memory: float | None
    generator: float


@dataclass(frozen=True)
class Session:
    """One long session.

    Attributes:
        times: of each turn in order (ms).
        medians: around some turns (ms), by the turn's number.
        errors: as in `Level`.
    """

    times: Sequence[float]
    medians: Mapping[int, float]
    errors: Mapping[str, int]


@dataclass(frozen=True)
class _Said:
    ended: float
    milliseconds: float
    problem: str | None
    facts: bool


@dataclass(frozen=True)
class _Replay:
    said: Sequence[_Said]
    unopened: Sequence[str] = field(default_factory=tuple)
    cores: float = 0.0


def script_of_suites(suites: Path) -> Script:
    """The conversations of the suites, in an order that is always the same.

    A button's title is typed like anything else. What only a channel's own checks would ever see
    (payloads, blanks, control characters) is left out: one bot would refuse it and the other would not.
    """
    conversations = [
        list(conversation.messages)
        for conversation in read_conversations([suites])
        if all(_is_taken_by_all(text) for text in conversation.messages)
    ]
    random.Random(7).shuffle(conversations)
    return Script(conversations, _apology())


def _is_taken_by_all(text: str) -> bool:
    try:
        readable_text(text)
    except Refused:
        return False
    return not text.lstrip().startswith("/")


def script_of_questions() -> Script:
    """The same few questions over and over, for one long session."""
    return Script([list(QUESTIONS)], _apology())


def measure_level(address: str, channel: Channel, script: Script, sessions: int, seconds: float) -> Level:
    """Let people talk to a bot for some time.

    Args:
        address: the bot's, without a path.
        channel: how to talk to it.
        script: what is said; each person begins somewhere else in it.
        sessions: people at once.
        seconds: how long they are measured, after a warm-up.

    Raises:
        ReplayFailed: Locust did not get through.
    """
    replay = _replay(
        address,
        channel,
        script,
        *("--users", str(sessions), "--spawn-rate", str(sessions)),
        *("--run-time", f"{WARM_UP + seconds:.0f}s"),
        patience=WARM_UP + seconds,
    )
    said = [one for one in replay.said if WARM_UP < one.ended <= WARM_UP + seconds]
    replied = [one for one in said if one.problem is None]
    times = [one.milliseconds for one in replied]
    return Level(
        sessions=sessions,
        messages=len(said),
        per_second=len(replied) / seconds,
        p50=_percentile(times, 50),
        p95=_percentile(times, 95),
        p99=_percentile(times, 99),
        errors=_errors(said, replay.unopened),
        facts=sum(one.facts for one in replied) / max(len(replied), 1),
        memory=None,
        generator=replay.cores,
    )


def measure_session(address: str, channel: Channel, script: Script, marks: Sequence[int]) -> Session:
    """Hold one long session, and look at its turns around the marks.

    Args:
        address: the bot's, without a path.
        channel: how to talk to it.
        script: what is said, over and over.
        marks: numbers of turns, ascending.

    Raises:
        ReplayFailed: Locust did not get through.
    """
    turns = max(marks) + AROUND // 2
    replay = _replay(
        address, channel, script, "--users", "1", "--run-time", f"{_LONGEST:.0f}s", "--turns", str(turns),
        patience=_LONGEST,
    )  # fmt: skip
    times = [one.milliseconds for one in replay.said]
    return Session(
        times=times,
        medians={mark: statistics.median(around) for mark in marks if (around := _around(times, mark))},
        errors=_errors(replay.said, replay.unopened),
    )


def _around(times: Sequence[float], mark: int) -> Sequence[float]:
    start = max(0, mark - 1 - AROUND // 2)
    return times[start : start + AROUND]


def _replay(address: str, channel: Channel, script: Script, *options: str, patience: float) -> _Replay:
    longest = patience + _LOCUST_START
    with tempfile.TemporaryDirectory() as folder:
        played, said = Path(folder) / "script.json", Path(folder) / "said.json"
        values = {"conversations": script.conversations, "apology": script.apology}
        played.write_text(json.dumps(values), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "locust", "-f", str(_PEOPLE), "--headless", "--only-summary"),
            *("--host", address, "--channel", channel, "--script", str(played), "--said", str(said)),
            *("--loglevel", "WARNING", "--exit-code-on-error", "0", *options),
        ]
        try:
            done = subprocess.run(
                command,
                cwd=project_folder(),
                capture_output=True,
                text=True,
                timeout=longest,
            )
        except subprocess.TimeoutExpired:
            raise ReplayFailed(f"Locust did not stop within {longest:.0f} s") from None
        if done.returncode != 0 or not said.is_file():
            raise ReplayFailed("\n".join((done.stdout + done.stderr).splitlines()[-10:]))
        found = json.loads(said.read_text(encoding="utf-8"))
    return _Replay([_Said(*one) for one in found["said"]], found["unopened"], found["cores"])


def _errors(said: Sequence[_Said], unopened: Sequence[str]) -> dict[str, int]:
    problems = [one.problem for one in said if one.problem is not None]
    problems += [f"not opened: {problem}" for problem in unopened]
    return dict(Counter(problems))


def _percentile(times: Sequence[float], percent: int) -> float | None:
    if len(times) < 2:
        return times[0] if times else None
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def _apology() -> str:
    return Vocabulary(facts_folder()).phrases.wording.apology.split("{")[0].strip()[:40]
