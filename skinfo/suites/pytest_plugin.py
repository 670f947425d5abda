"""The pytest plugin: a YAML file of conversation tests is a test file, each test case a test.

Only the files under ``skinfo_suites`` (an ini setting) are collected, or, with ``--skinfo-suites``, all that
the command line leads to. Nothing of Skinfo or Rasa is imported before there is such a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from skinfo.suites.cases import Case
    from skinfo.suites.holding import Held, Holder
    from skinfo.suites.vocabulary import Vocabulary

_SUFFIXES = (".yml", ".yaml")
#: The environment variable, as `skinfo test --token` sets it.
_ENVIRONMENT = "SKINFO_TEST_TOKEN"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options, under a heading of their own in ``pytest --help``."""
    parser.addini("skinfo_suites", "Folders of conversation tests (Rasa's end-to-end format).", "paths", [])
    group = parser.getgroup("skinfo", "conversation tests")
    group.addoption(
        "--skinfo-suites",
        action="store_true",
        help="Collect every YAML file with `test_cases:` that is found.",
    )
    group.addoption(
        "--skinfo-url", metavar="URL", help="Talk to a server instead of the bot in this process."
    )
    group.addoption(
        "--skinfo-channel", choices=("web", "rest"), help="How to talk to it; found out when not given."
    )
    group.addoption(
        "--skinfo-no-promises",
        action="store_true",
        help="Check the cases' own claims only: for a bot that is not Skinfo.",
    )
    group.addoption("--skinfo-html", metavar="FILE", help="Write a page that shows every conversation.")


def pytest_configure(config: pytest.Config) -> None:
    """Gather results where the reports come together."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Gatherer(config), "skinfo-gatherer")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A suite file as a test file."""
    if file_path.suffix not in _SUFFIXES or not _is_wanted(file_path, parent.config):
        return None
    from skinfo.suites.cases import holds_test_cases

    if not holds_test_cases(file_path):
        return None
    return SuiteFile.from_parent(parent, path=file_path)


def _is_wanted(file: Path, config: pytest.Config) -> bool:
    if config.getoption("--skinfo-suites"):
        return True
    return any(file.is_relative_to(folder) for folder in config.getini("skinfo_suites"))


class SuiteFile(pytest.File):
    """A YAML file of conversation tests."""

    def collect(self) -> Iterator[SuiteCase]:
        """Each test case; a mistake in the file stops the run with its line."""
        from skinfo.content import ContentError
        from skinfo.suites.cases import read_cases

        try:
            cases = read_cases(self.path, _vocabulary(self.config))
        except ContentError as error:
            raise self.CollectError(str(error)) from None
        for case in cases:
            item = SuiteCase.from_parent(self, name=case.name, case=case)
            if case.known_failure is not None:
                item.add_marker(pytest.mark.xfail(reason=case.known_failure, strict=True, raises=CaseBroken))
            yield item


class CaseBroken(Exception):
    """Something that was said is not what was claimed."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.case.name)
        self.held = held


class SuiteCase(pytest.Item):
    """One conversation."""

    def __init__(self, *, case: Case, **values: Any) -> None:
        super().__init__(**values)
        self.case = case
        self.held: Held | None = None
        self.not_held = ""

    def runtest(self) -> None:
        """Hold the conversation and check everything."""
        from skinfo.suites.said import CannotSay

        try:
            self.held = _holder(self.config).hold(self.case)
        except CannotSay as why:
            self.not_held = str(why)
            pytest.skip(self.not_held)
        if not self.held.is_kept:
            raise CaseBroken(self.held)
        if self.held.not_checked and not self.held.claims_checked:
            pytest.skip(f"no claim of it can be checked here: {self.held.not_checked[0].problem}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was said beside what was claimed."""
        from skinfo.suites.report import as_text
        from skinfo.suites.said import TargetFailed

        if isinstance(excinfo.value, CaseBroken):
            return as_text(excinfo.value.held)
        if isinstance(excinfo.value, TargetFailed):
            return f"The bot could not be talked to: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Where the case stands."""
        return self.path, self.case.line - 1, self.name


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Hand the conversation over with the report, also from a worker process."""
    outcome = yield
    if isinstance(item, SuiteCase) and call.when == "call":
        report: Any = outcome.get_result()  # type: ignore[attr-defined]
        if item.held is not None:
            report.skinfo_held = item.held.to_dict()
        else:
            report.skinfo_not_held = {
                "name": item.case.name,
                "file": str(item.case.file),
                "line": item.case.line,
                "why": item.not_held or "the bot could not be talked to",
            }


class _Gatherer:
    """Gathers every conversation of the run; writes the page and says what could not be checked."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._held: list[dict[str, Any]] = []
        self._not_held: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test hands over."""
        held = getattr(report, "skinfo_held", None)
        if held is not None:
            self._held.append(held)
        not_held = getattr(report, "skinfo_not_held", None)
        if not_held is not None:
            self._not_held.append(not_held)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was not checked, and where the page is."""
        not_checked: dict[str, int] = {}
        for held in self._held:
            for exchange in held["exchanges"]:
                for check in exchange["checks"]:
                    if check["outcome"] == "not checked":
                        not_checked[check["problem"]] = not_checked.get(check["problem"], 0) + 1
        for why, count in not_checked.items():
            claims = "1 claim was" if count == 1 else f"{count} claims were"
            terminalreporter.write_line(f"{claims} not checked: {why}")
        page = self._config.getoption("--skinfo-html")
        if page and (self._held or self._not_held):
            from skinfo.suites.report import as_page

            file = Path(page)
            file.parent.mkdir(parents=True, exist_ok=True)
            root = self._config.rootpath
            file.write_text(
                as_page(self._held, self._not_held, root, _target_name(self._config)), encoding="utf-8"
            )
            terminalreporter.write_line(f"The conversations are shown in {page}")


_holder_key = pytest.StashKey["Holder"]()
_vocabulary_key = pytest.StashKey["Vocabulary"]()


def _vocabulary(config: pytest.Config) -> Vocabulary:
    if _vocabulary_key not in config.stash:
        from skinfo.paths import facts_folder
        from skinfo.suites.vocabulary import Vocabulary

        config.stash[_vocabulary_key] = Vocabulary(facts_folder())
    return config.stash[_vocabulary_key]


def _target_name(config: pytest.Config) -> str:
    url: str | None = config.getoption("--skinfo-url")
    return url or "the bot in this process"


def _holder(config: pytest.Config) -> Holder:
    """The one holder of this process; its target is opened when the first case is held."""
    if _holder_key not in config.stash:
        from skinfo.suites.holding import Holder

        target = _open(config)
        config.add_cleanup(target.close)
        promises = not config.getoption("--skinfo-no-promises")
        config.stash[_holder_key] = Holder(target, _vocabulary(config), promises=promises)
    return config.stash[_holder_key]


def _open(config: pytest.Config) -> Any:
    from skinfo.suites.said import TargetFailed

    url = config.getoption("--skinfo-url")
    if url:
        from skinfo.suites.over_http import open_target

        try:
            return open_target(url, config.getoption("--skinfo-channel"), os.environ.get(_ENVIRONMENT))
        except TargetFailed as error:
            pytest.exit(str(error), returncode=2)
    from skinfo.suites.in_process import InProcessTarget

    return InProcessTarget()
