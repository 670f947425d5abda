"""`bench/load`: that it measures what it says, on bots that answer at once; and once on ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.canned_server import canned_server
from bench.load.__main__ import main
from bench.load.baselines import Baseline, configuration_of
from bench.load.plots import draw
from bench.load.replay import (
    Level,
    Script,
    Session,
    measure_level,
    measure_session,
    script_of_questions,
    script_of_suites,
)
from bench.load.report import Measured, ratios, write_report
from bench.understanding import STOCK
from skinfo.paths import project_folder

SCRIPT = Script([["hello", "what is milia"], ["can I pop it?"]], "Sorry, something went wrong")
FACTS = {"text": "Milia are tiny cysts.", "answers": [{"fact_ids": ["milia.definition"]}]}
APOLOGY = {"text": "Sorry, something went wrong on my side.", "answers": []}


@pytest.fixture
def web_bot() -> Iterator[Callable[[dict[str, Any]], str]]:
    """Start a bot on Skinfo's web channel that always says the same."""
    started = []

    def start(turn: dict[str, Any]) -> str:
        started.append(canned_server({}, {"token": "a token"}, turn))
        return started[-1].__enter__()

    yield start
    for server in started:
        server.__exit__(None, None, None)


@contextmanager
def rest_bot(replies: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A bot on Rasa's REST channel that always says the same, and what it was told."""
    told: list[dict[str, str]] = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.append({**message, "connection": str(self.client_address[1])})
            body = json.dumps(replies).encode()
            self.send_response(200 if self.path == "/webhooks/rest/webhook" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_people_on_the_web_channel_get_replies(web_bot: Callable[[dict[str, Any]], str]) -> None:
    # Long enough for a machine so busy that opening the channel takes the warm-up and more.
    level = measure_level(web_bot(FACTS), "web", SCRIPT, sessions=3, seconds=8)

    assert level.errors == {}
    assert level.messages > 0
    assert level.facts == 1
    assert level.p50 is not None and level.p95 is not None and level.p99 is not None
    assert level.p50 <= level.p95 <= level.p99


def test_people_on_the_rest_channel_are_as_many_as_wanted_and_begin_apart() -> None:
    replies = [{"text": FACTS["text"]}, {"custom": {"skinfo": FACTS}}]
    with rest_bot(replies) as (address, told):
        level = measure_level(address, "rest", SCRIPT, sessions=2, seconds=2)

    assert level.errors == {}
    assert level.facts == 1
    assert {message["message"] for message in told} == {"hello", "what is milia", "can I pop it?"}
    first = {message["connection"]: message["message"] for message in reversed(told)}
    assert sorted(first.values()) == ["can I pop it?", "hello"]


def test_silence_is_an_error_and_no_message() -> None:
    with rest_bot([]) as (address, _):
        level = measure_level(address, "rest", SCRIPT, sessions=1, seconds=1)

    assert level.errors == {"no reply": level.messages}
    assert level.per_second == 0
    assert level.p95 is None


def test_an_apology_is_an_error(web_bot: Callable[[dict[str, Any]], str]) -> None:
    level = measure_level(web_bot(APOLOGY), "web", SCRIPT, sessions=1, seconds=1)

    assert level.errors == {"an apology": level.messages}
    assert level.per_second == 0


def test_a_bot_that_is_not_there_is_an_error() -> None:
    with rest_bot([]) as (address, _):
        pass
    level = measure_level(address, "rest", SCRIPT, sessions=1, seconds=1)

    assert level.messages > 0
    assert sum(level.errors.values()) == level.messages


def test_a_conversation_that_cannot_be_opened_is_an_error() -> None:
    with rest_bot([]) as (address, told):
        level = measure_level(address, "web", SCRIPT, sessions=1, seconds=1)

    assert level.messages == 0
    assert level.errors == {"not opened: status 404": len(told)}


def test_a_long_session_is_one_conversation_of_so_many_turns() -> None:
    with rest_bot([{"text": "Yes."}]) as (address, told):
        session = measure_session(address, "rest", script_of_questions(), [10, 20])

    assert len({message["sender"] for message in told}) == 1
    assert len(session.times) == len(told) == 26
    assert set(session.medians) == {10, 20}
    # Around each turn every question is asked as often.
    assert sorted(message["message"] for message in told[4:16]) == sorted(
        message["message"] for message in told[14:26]
    )


def test_the_suites_are_replayed_without_payloads() -> None:
    script = script_of_suites(project_folder() / "tests" / "conversations")
    messages = [text for conversation in script.conversations for text in conversation]

    assert len(script.conversations) > 200
    assert "what is milia" in messages
    assert not any(text.lstrip().startswith("/") for text in messages)


def test_baselines_are_what_their_files_say_and_the_bare_one_holds_nothing_of_ours() -> None:
    stock = configuration_of(Baseline("stock", STOCK, "sqlite"), epochs=2)
    bare = configuration_of(Baseline("stock-bare", STOCK, "memory", reads=False), epochs=2)
    proposed = yaml.safe_load((project_folder() / STOCK).read_text(encoding="utf-8"))

    for part, one in (("pipeline", stock), ("policies", stock), ("policies", bare)):
        assert [entry["name"] for entry in one[part]] == [entry["name"] for entry in proposed[part]]
    names = [entry["name"] for entry in bare["pipeline"]]
    assert "DIETClassifier" in names
    assert not any(name.startswith("skinfo.") or name == "SpacyNLP" for name in names)
    assert {entry["epochs"] for entry in (*bare["pipeline"], *bare["policies"]) if "epochs" in entry} == {2}


def level(sessions: int, per_second: float, p95: float) -> Level:
    return Level(sessions, 100, per_second, p95 / 2, p95, p95, {}, 1.0, 500.0, 0.1)


def measured(name: str, levels: Sequence[Level], **medians: float) -> Measured:
    by_turn = {int(turn.removeprefix("t")): median for turn, median in medians.items()}
    return Measured(name, "", 1.0, levels, Session(list(by_turn.values()) * 10, by_turn, {}))


FOUND = [
    measured("ours", [level(1, 30, 40), level(8, 90, 80)], t10=20, t500=22, t1000=30),
    measured("stock", [level(1, 10, 100), level(8, 45, 400)], t10=100, t500=900),
]


def test_ours_stands_beside_stock_with_the_aims() -> None:
    rows = {row.measure: row for row in ratios(FOUND)}

    assert rows["messages/s: ours / stock, 1 session"].met
    assert rows["messages/s: ours / stock, 8 sessions"].value == 2
    assert rows["messages/s: ours / stock, 8 sessions"].met is False
    assert rows["p95: ours / stock, 1 session"].met
    assert rows["p95: ours / stock, 8 sessions"].value == pytest.approx(0.2)
    assert rows["time of turn 500 / turn 10: ours"].met
    assert rows["time of turn 500 / turn 10: stock"].value == 9
    assert rows["time of turn 500 / turn 10: stock"].met is None


def test_a_bot_without_any_reply_gives_no_ratio() -> None:
    silent = replace(level(1, 0, 0), p95=None)
    rows = {row.measure: row for row in ratios([FOUND[0], measured("stock", [silent])])}

    assert rows["messages/s: ours / stock, 1 session"].value is None
    assert rows["messages/s: ours / stock, 1 session"].met is None
    assert rows["p95: ours / stock, 1 session"].value is None


def test_the_report_and_the_plot_are_written(tmp_path: Path) -> None:
    written = json.loads(write_report(FOUND, {"epochs": 2}, tmp_path).read_text(encoding="utf-8"))

    assert [one["name"] for one in written["configurations"]] == ["ours", "stock"]
    assert written["configurations"][1]["session"]["medians"]["500"] == 900
    assert written["settings"] == {"epochs": 2}
    assert draw(FOUND, tmp_path).read_bytes().startswith(b"\x89PNG")


def test_the_whole_command_measures_ours(tmp_path: Path) -> None:
    options = ["--only", "ours", "--sessions", "2", "--seconds", "2", "--turns", "12", "--out", str(tmp_path)]

    assert main(options) == 0

    (ours,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["configurations"]
    (level,) = ours["levels"]
    assert level["errors"] == ours["session"]["errors"] == {}
    assert level["messages"] > 0
    assert level["facts"] > 0
    assert level["memory"] > 100
    assert sorted(map(int, ours["session"]["medians"])) == [10, 24]
    assert (tmp_path / "load.png").is_file()
