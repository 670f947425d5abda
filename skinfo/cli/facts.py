"""``skinfo facts``: what a curator needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from skinfo.cli.errors import Unusable
from skinfo.content import read_yaml
from skinfo.conversation import Responder
from skinfo.facts import ConditionId, FactStore, Topic
from skinfo.paths import facts_folder

app = typer.Typer(help="Check and read the fact store.", no_args_is_help=True)
console = Console(emoji=False, highlight=False)


@app.command()
def check() -> None:
    """Check everything in facts/: form, sources, freshness, reading age, wording."""
    from skinfo.facts.checking import check_facts
    from skinfo.red_flags.checking import check_red_flags

    folder = facts_folder()
    store = FactStore.load(folder)
    Responder.load(folder)
    errors = warnings = 0
    for finding in (
        *check_facts(folder, date.today()),
        *check_red_flags(folder / "red_flags", store, date.today()),
    ):
        if finding.level == "error":
            errors += 1
        else:
            warnings += 1
        console.print(str(finding), markup=False, soft_wrap=True)
    served = sum(fact.is_served for fact in store.facts.values())
    console.print(
        f"{served} facts served, {len(store.facts) - served} drafts, "
        f"{len(store.sources)} sources: {errors} errors, {warnings} warnings"
    )
    if errors:
        raise typer.Exit(1)


@app.command()
def coverage() -> None:
    """Which conditions have a served fact on which topics."""
    store = FactStore.load(facts_folder())
    table = Table(title="Served facts by condition and topic")
    table.add_column("condition")
    for topic in Topic:
        table.add_column(topic.value.replace("_", "\n"), justify="center")
    for condition in store.conditions.values():
        held = store.topics_of(condition.id)
        table.add_row(condition.id, *("•" if topic in held else "[red]–[/red]" for topic in Topic))
    Console(emoji=False, highlight=False, width=max(console.width, 230)).print(table)


@app.command()
def show(
    condition: Annotated[str, typer.Argument(help="Such as milia.")],
    topic: Annotated[str, typer.Argument(help="Such as popping.")],
) -> None:
    """Show the facts on one topic, with sources and notes."""
    store = FactStore.load(facts_folder())
    if condition not in store.conditions:
        raise Unusable(f"no condition {condition!r}; there are: {', '.join(store.conditions)}")
    if topic not in {value.value for value in Topic}:
        raise Unusable(f"no topic {topic!r}; there are: {', '.join(value.value for value in Topic)}")
    file = facts_folder() / "conditions" / f"{condition}.yml"
    document = read_yaml(file)
    found = False
    for index, fact in enumerate(store.condition(ConditionId(condition)).facts):
        if fact.topic != topic:
            continue
        found = True
        line = document.line_of(("facts", index))
        console.print(
            f"[bold]{fact.id}[/bold]  {fact.status.value}, grade {fact.grade.value}  ({file}:{line})"
        )
        console.print(f"  {fact.text}", markup=False)
        for source in fact.sources:
            page = store.sources[source]
            console.print(f"  • {page.organisation}: {page.title} {page.url or ''}", markup=False)
        console.print(f"  checked {fact.checked}, next check {fact.next_check}")
        if fact.note:
            console.print(f"  note: {fact.note}", markup=False)
    if not found:
        console.print(f"The store holds no fact on {topic} of {condition}.")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The HTML file to write.")] = Path(
        "skinfo-facts-for-review.html"
    ),
) -> None:
    """Write one printable page of all facts for a clinician to review and sign."""
    from skinfo.facts.publishing import review_page

    if not out.parent.is_dir():
        raise Unusable(f"{out.parent} is not a folder; make it first")
    store = FactStore.load(facts_folder())
    out.write_text(review_page(store, date.today()), encoding="utf-8")
    console.print(f"{len(store.facts)} facts written to {out}")


@app.command()
def schema() -> None:
    """Write the JSON Schemas by which editors check the YAML while typing (facts/schema/)."""
    from skinfo.facts.publishing import schemas

    folder = facts_folder() / "schema"
    folder.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
    console.print(f"Schemas written to {folder}")
