"""``skinfo test`` as people call it: against a stock Rasa REST endpoint, a running Skinfo, and by pytest."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from skinfo.paths import project_folder
from tests.conftest import REST_TOKEN

SUITES = project_folder() / "tests" / "conversations"


class StockRasa(BaseHTTPRequestHandler):
    """Speaks as Rasa's REST channel does; what it says is looked up."""

    says: ClassVar[dict[str, list[dict[str, Any]]]] = {
        "hello": [{"text": "Hey! How are you?", "buttons": [{"title": "great", "payload": "/mood_great"}]}],
        "/mood_great": [{"text": "Great, carry on!"}],
        "busy": [{"text": "At last."}],
    }
    token: ClassVar[str | None] = None
    asked: ClassVar[list[dict[str, Any]]] = []
    refused_once: ClassVar[bool] = False

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/webhooks/rest/webhook":
            self.answer(404, {})
        elif self.token and self.headers.get("authorization") != f"Bearer {self.token}":
            self.answer(401, {})
        elif body["message"] == "busy" and not StockRasa.refused_once:
            StockRasa.refused_once = True
            self.answer(429, {}, retry="0.2")
        else:
            self.asked.append(body)
            self.answer(200, self.says.get(body["message"], []))

    def answer(self, status: int, body: Any, retry: str = "") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        if retry:
            self.send_header("retry-after", retry)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def stock_rasa() -> Iterator[str]:
    StockRasa.token, StockRasa.refused_once = None, False
    StockRasa.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), StockRasa) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def skinfo_test(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skinfo", "test", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=project_folder(),
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def written(folder: Path, text: str) -> Path:
    file = folder / "suite.yml"
    file.write_text(text, encoding="utf-8")
    return file


GREETING = """
test_cases:
  - test_case: a greeting
    steps:
      - user: hello
        assertions:
          - bot_uttered:
              text_matches: "How are you"
              buttons: [{title: great, payload: /mood_great}]
      - user: great
      - bot: "Great, carry on!"
  - test_case: a busy server is waited for
    steps:
      - user: busy
      - bot: At last.
"""


def test_a_stock_rasa_is_tested_by_its_rest_channel(stock_rasa: str, tmp_path: Path) -> None:
    suite = written(tmp_path, GREETING)
    junit, page = tmp_path / "out.xml", tmp_path / "deep" / "out.html"

    done = skinfo_test(suite, "--url", stock_rasa, "--no-promises", "--junit", junit, "--html", page)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert [body["message"] for body in StockRasa.asked] == ["hello", "/mood_great", "busy"]
    assert len({body["sender"] for body in StockRasa.asked}) == 2
    cases = ElementTree.parse(junit).getroot().iter("testcase")
    assert [case.get("name") for case in cases] == ["a greeting", "a busy server is waited for"]
    assert "Great, carry on!" in page.read_text(encoding="utf-8")


def test_a_failure_shows_what_was_said_beside_what_was_claimed(stock_rasa: str, tmp_path: Path) -> None:
    suite = written(
        tmp_path,
        "test_cases:\n- test_case: wrong\n  steps:\n  - user: hello\n  - bot: 'Hey! Who are you?'\n"
        "- test_case: silent\n  steps:\n  - user: anybody there\n",
    )

    done = skinfo_test(suite, "--url", stock_rasa)

    assert done.returncode == 1
    assert "Bot: Hey! How are you?" in done.stdout
    assert "[-Who-] {+How+}" in done.stdout
    assert "(line 5)" in done.stdout
    assert "ends with the disclaimer (standing promise)" in done.stdout
    assert "nothing is said" in done.stdout


def test_claims_that_need_more_than_text_say_so(stock_rasa: str, tmp_path: Path) -> None:
    suite = written(
        tmp_path,
        "fixtures: [{known: [{conditions: [milia]}]}]\n"
        "test_cases:\n"
        "- test_case: partly\n  steps:\n  - user: hello\n    assertions:\n"
        "    - bot_uttered: {text_matches: Hey}\n    - urgency: none\n    - action_executed: x\n"
        "- test_case: not at all\n  steps:\n  - user: hello\n    assertions: [{urgency: none}]\n"
        "- test_case: needs slots\n  fixtures: known\n  steps:\n  - user: hello\n",
    )

    done = skinfo_test(suite, "--url", stock_rasa, "--no-promises")

    assert done.returncode == 0, done.stdout
    assert "1 passed, 2 skipped" in done.stdout
    assert "2 claims were not checked: needs Skinfo's machine-readable turn" in done.stdout
    assert "1 claim was not checked: needs a look inside the bot" in done.stdout


def test_a_token_is_sent_and_its_lack_explained(stock_rasa: str, tmp_path: Path) -> None:
    StockRasa.token = "s3cret"
    suite = written(tmp_path, GREETING)
    arguments = (suite, "--url", f"{stock_rasa}/webhooks/rest/webhook", "--no-promises")

    assert skinfo_test(*arguments, SKINFO_TEST_TOKEN="s3cret").returncode == 0
    without = skinfo_test(*arguments)
    assert without.returncode == 1
    assert "SKINFO_TEST_TOKEN" in without.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["/nowhere/at/all"], "no such file or folder"),
        (["{suite}", "--url", "localhost:5005"], "not an address"),
        (["{suite}", "--url", "http://127.0.0.1:9"], "Is the server running there?"),
        (["{suite}", "--url", "{rasa}", "-k", "nothing_of_the_kind"], "no case was chosen"),
        (["{suite}", "--url", "{rasa}", "--channel", "telegram"], "must be web or rest"),
        (["{broken}", "--url", "{rasa}"], "did you mean 'user'"),
    ],
)
def test_what_cannot_be_run_ends_in_2_with_the_mend(
    stock_rasa: str, tmp_path: Path, arguments: list[str], words: str
) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("test_cases:\n- test_case: a\n  steps: [{usr: hi}]\n", encoding="utf-8")
    known = {"suite": written(tmp_path, GREETING), "rasa": stock_rasa, "broken": broken}

    done = skinfo_test(*[argument.format(**known) for argument in arguments])

    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stdout + done.stderr


def test_several_workers_gather_one_report(stock_rasa: str, tmp_path: Path) -> None:
    cases = "".join(f"- {{test_case: case {n}, steps: [{{user: hello}}]}}\n" for n in range(8))
    page = tmp_path / "out.html"

    done = skinfo_test(
        written(tmp_path, f"test_cases:\n{cases}"), "--url", stock_rasa, "--no-promises", "-n", "2", "--html", page
    )  # fmt: skip

    assert "8 passed" in done.stdout, done.stdout + done.stderr
    assert len(re.findall('class="case"', page.read_text(encoding="utf-8"))) == 8


def test_a_known_failure_that_passes_is_told(stock_rasa: str, tmp_path: Path) -> None:
    suite = written(
        tmp_path,
        "test_cases:\n"
        "- test_case: still failing\n  known_failure: it does not rhyme\n  steps: [{user: hello}, {bot: rhyme}]\n"
        "- test_case: mended\n  known_failure: it did not answer\n  steps: [{user: hello}]\n",
    )

    done = skinfo_test(suite, "--url", stock_rasa, "--no-promises")

    assert done.returncode == 1
    assert "1 failed, 1 xfailed" in done.stdout
    assert "it did not answer" in done.stdout


def test_other_projects_pytest_runs_collect_nothing_of_ours(tmp_path: Path) -> None:
    written(tmp_path, "test_cases: this is somebody's own YAML\n")
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")

    done = subprocess.run([sys.executable, "-m", "pytest", "."], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_running_skinfo_is_tested_by_its_web_channel(skinfo_server: str) -> None:
    done = skinfo_test(SUITES / "crisis", SUITES / "follow_ups", "--url", skinfo_server, "-k", "not forty")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_a_running_skinfo_is_tested_by_its_rest_channel(skinfo_server: str) -> None:
    done = skinfo_test(
        SUITES / "small_talk", "--url", skinfo_server, "--channel", "rest", "--token", REST_TOKEN
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "not checked: needs Skinfo's machine-readable turn" in done.stdout


def test_rasa_s_own_story_tests_pass(tmp_path: Path) -> None:
    root = project_folder()
    done = subprocess.run(
        [
            Path(sys.executable).with_name("rasa"), "test", "core", "--model", root / "models" / "skinfo.tar.gz",
            "--stories", root / "tests" / "test_stories.yml", "--out", tmp_path, "--no-plot",
            "--fail-on-prediction-errors",
        ],
        cwd=root, capture_output=True, text=True,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["accuracy"] == 1.0


def test_a_mutant_is_caught_and_one_that_no_case_looks_for_survives() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.mutants", "-k", "swap two", "-n", "2", "--suites", SUITES / "small_talk"],
        cwd=project_folder(), capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1, done.stdout + done.stderr
    assert "✓ swap two rules: greeting and goodbye" in done.stdout
    assert "small_talk/small_talk.yml: hello" in done.stdout
    assert "survived: swap two facts of milia: popping and home care" in done.stdout
