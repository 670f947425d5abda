"""The ``skinfo`` command and its exit codes: 0 fine, 1 a check failed, 2 unusable input."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from skinfo.cli import ask, evaluate, facts, feedback, privacy, serve, test, train
from skinfo.cli.errors import Unusable
from skinfo.content import ContentError

app = typer.Typer(
    name="skinfo",
    help="A chatbot that answers questions about milia and similar bumps, from cited facts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("ask")(ask.ask)
app.command("evaluate")(evaluate.evaluate)
app.command("test")(test.test)
app.command("feedback")(feedback.feedback)
app.command("chat")(serve.chat)
app.command("serve")(serve.serve)
app.command("actions")(serve.actions)
app.command("train")(train.train)
app.command("build")(train.build)
app.add_typer(facts.app, name="facts")
app.add_typer(privacy.app, name="privacy")


def main() -> None:
    """Run a command; content mistakes and unusable input become one clear message, exit 2."""
    try:
        app()
    except (ContentError, Unusable) as error:
        console = Console(stderr=True, emoji=False, highlight=False)
        console.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
