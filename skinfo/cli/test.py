"""``skinfo test``: conversation-test suites, held with the bot in this process or with a running one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from skinfo.cli.errors import Unusable
from skinfo.content import ContentError
from skinfo.paths import project_folder

console = Console(emoji=False, highlight=False)

#: pytest's exit codes for a mistake in a file, an error of its own, wrong usage, and nothing found.
_UNUSABLE = {2, 3, 4, 5}


def test(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Suites or folders of them; otherwise tests/conversations.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="A running Skinfo, or any Rasa's REST channel, to talk to instead.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="How to talk to the URL: web or rest; found out when not given.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="For a REST channel that wants one.", envvar="SKINFO_TEST_TOKEN")
    ] = None,
    only: Annotated[
        str | None, typer.Option("-k", help="Only cases whose name matches, as in pytest.")
    ] = None,
    workers: Annotated[
        str | None, typer.Option("-n", help="Processes at once (a number or auto); each loads the bot.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit XML report.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page that shows every conversation.")] = None,
    promises: Annotated[
        bool, typer.Option(help="Hold every turn to Skinfo's standing promises; not for another bot.")
    ] = True,
    stop: Annotated[bool, typer.Option("-x", help="Stop at the first failure.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Name every case.")] = False,
) -> None:
    """Hold the conversations of test suites and check what is said; exit 1 when something fails."""
    try:
        import pytest
    except ImportError:
        raise Unusable(
            "pytest is not installed here; `uv sync --group suites` (or `make chat`) adds it"
        ) from None
    from skinfo.suites.cases import read_cases, suite_files
    from skinfo.suites.vocabulary import Vocabulary

    folders = [path.resolve() for path in paths or [project_folder() / "tests" / "conversations"]]
    # Mistakes in the files are told before anything is loaded, trained or spoken to.
    vocabulary = Vocabulary(project_folder() / "facts")
    files = suite_files(folders)
    if not files:
        raise ContentError("no suite found", file=folders[0], mend="docs/testing.md shows how to write one")
    for file in files:
        read_cases(file, vocabulary)
    if channel not in (None, "web", "rest"):
        raise Unusable(f"--channel {channel}: it must be web or rest")
    if url is None:
        from skinfo.cli.train import prepare

        prepare()
        console.print("[bold]•[/bold] Loading the bot …")
    if token:
        os.environ["SKINFO_TEST_TOKEN"] = token
    arguments = [
        "--skinfo-suites",
        # No project's own pytest settings or conftest.py may change what a suite means.
        *("-c", str(Path(__file__).with_name("test.ini")), "--rootdir", _root(folders), "--noconftest"),
        *("-p", "no:cacheprovider", "-W", "ignore", "-q"),
        *(("-v", "-v") if verbose else ()),
        *(("-x",) if stop else ()),
        *(("--skinfo-url", url) if url else ()),
        *(("--skinfo-channel", channel) if channel else ()),
        *(() if promises else ("--skinfo-no-promises",)),
        *(("-k", only) if only else ()),
        *(("-n", workers) if workers else ()),
        *(("--junitxml", str(junit)) if junit else ()),
        *(("--skinfo-html", str(html)) if html else ()),
        *map(str, folders),
    ]
    code = int(pytest.main(arguments))
    if code == int(pytest.ExitCode.NO_TESTS_COLLECTED):
        console.print("[red]error:[/red] no case was chosen; correct -k")
    raise typer.Exit(2 if code in _UNUSABLE else code)


def _root(folders: list[Path]) -> str:
    """What file names are shown relative to: where we are, if everything lies below."""
    if all(folder.is_relative_to(Path.cwd()) for folder in folders):
        return str(Path.cwd())
    return os.path.commonpath([folder.parent for folder in folders])
