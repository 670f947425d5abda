"""The report of an evaluation: tables, the worst mistakes, and what changed since another report."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from skinfo.content import ContentError
from skinfo.evaluation.calibration import calibration, single_questions
from skinfo.evaluation.cases import Kind
from skinfo.evaluation.intervals import Share, share
from skinfo.evaluation.scoring import Result

#: What each measure says, in the order of the report.
MEASURES = {
    "right_fact": "answered about the right condition, on a right topic",
    "every_part": "several questions in one message: every one answered",
    "right_context": "a follow-up answered for the right place or stage of life",
    "not_refused": "a question about the store's conditions is not refused",
    "not_taken_for_inside": "another condition is not answered as one of the store's",
    "signposted": "another condition that the lexicon knows is named, with a page",
    "declined": "what is not about skin is declined",
    "small_talk": "small talk is taken for what it is",
}
WORST_SHOWN = 40
_LONGEST_SHOWN = 300


@dataclass(frozen=True)
class Row:
    """One measure over one slice of the cases."""

    name: str
    measure: str
    share: Share


def rows_by(results: Iterable[Result], slice_of: Any) -> tuple[Row, ...]:
    """Each measure for each slice.

    Args:
        results: the judged cases.
        slice_of: gives a case's slice, or None to leave it out.
    """
    judged: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for result in results:
        name = slice_of(result.case)
        if name is None:
            continue
        for measure, met in result.measures.items():
            judged[name, measure].append((result.case.group, met))
    order = list(MEASURES)
    keys = sorted(judged, key=lambda key: (key[0], order.index(key[1])))
    return tuple(Row(name, measure, share(judged[name, measure])) for name, measure in keys)


def report_data(results: Sequence[Result], about: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report as plain JSON values; `compare` reads it again.

    Args:
        results: the judged cases.
        about: what was measured: model, files, options.
    """
    return {
        "about": dict(about),
        "calibration_error": calibration(single_questions(results)).error,
        "tiers": [asdict(row) for row in rows_by(results, lambda case: case.tier)],
        "parts": [asdict(row) for row in rows_by(results, lambda case: case.part or None)],
        "subkinds": [asdict(row) for row in rows_by(results, lambda case: case.subkind)],
        "cases": [
            {
                "id": result.case.id,
                "tier": result.case.tier,
                "text": result.case.text,
                "measures": dict(result.measures),
                "intent": result.intent,
                "confidence": result.confidence,
                "answered": [list(answer) for answer in result.answered],
                "signposts": list(result.signposts),
                "urgency": result.urgency,
                "red_flags": list(result.red_flags),
            }
            for result in results
        ],
    }


def compare(data: Mapping[str, Any], other: Path) -> str:
    """What got better and worse since another report, as Markdown.

    Raises:
        ContentError: the other file is no report.
    """
    try:
        before = json.loads(other.read_text(encoding="utf-8"))
        known = {case["id"]: case for case in before["cases"]}
        rows = {(row["name"], row["measure"]): row["share"]["value"] for row in before["tiers"]}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise ContentError(
            "this is no report of an evaluation", file=other, mend="give the report.json of an earlier run"
        ) from None
    lines = ["## Compared with " + str(other), "", "| slice | measure | before | now | change |"]
    lines.append("|---|---|---|---|---|")
    for row in data["tiers"]:
        was, now = rows.get((row["name"], row["measure"])), row["share"]["value"]
        if was is not None:
            change = f"{100 * (now - was):+.1f} points"
            lines.append(f"| {row['name']} | {row['measure']} | {was:.3f} | {now:.3f} | {change} |")
    changes: dict[str, list[str]] = {"Better": [], "Worse": []}
    for case in data["cases"]:
        was_case = known.get(case["id"])
        if was_case is None:
            continue
        for measure, met in case["measures"].items():
            was_met = was_case["measures"].get(measure)
            if was_met is not None and was_met != met:
                title = "Better" if met else "Worse"
                changes[title].append(f"- `{case['id']}` {measure}: {_quoted(case['text'])}")
    for title, entries in changes.items():
        lines += ["", f"### {title} ({len(entries)})", "", *entries]
    return "\n".join(lines) + "\n"


def markdown(
    data: Mapping[str, Any], results: Sequence[Result], plots: Sequence[Path], comparison: str = ""
) -> str:
    """The report as Markdown."""
    about = data["about"]
    lines = ["# Evaluation", "", f"Model: {about['model']}", ""]
    lines += [f"- {file['path']}: {file['cases']} cases" for file in about["files"]]
    if about.get("typos") is not None:
        lines += ["", f"With one random typo in a quarter of the words (seed {about['typos']})."]
    lines += ["", "95 % intervals (Wilson); one vote a group of paraphrases.", ""]
    error = f"{data['calibration_error']:.3f}"
    lines += [f"Single questions that were answered: expected calibration error {error}.", ""]
    lines += _table("By tier", rows_by(results, lambda case: case.tier))
    lines += _table("By part of the set", rows_by(results, lambda case: case.part or None))
    lines += _table("Out of scope, by kind", rows_by(results, lambda case: case.subkind))
    if comparison:
        lines += ["", comparison]
    if plots:
        lines += ["", "## Plots", "", *(f"![{plot.stem}]({plot.name})" for plot in plots)]
    lines += ["", "## The worst mistakes", "", "The surest first: what was asked, and what the bot thought."]
    wrong = sorted((result for result in results if not result.right), key=lambda one: -one.confidence)
    for result in wrong[:WORST_SHOWN]:
        missed = ", ".join(measure for measure, met in result.measures.items() if not met)
        lines += [
            "",
            f"- `{result.case.id}` ({result.case.tier}) {_quoted(result.case.text)}",
            f"  - wanted {_wanted(result)}; missed: {missed}",
            f"  - thought {result.intent} ({result.confidence:.2f}); answered {_answered(result)}",
        ]
    lines += ["", f"{len(wrong)} of {len(results)} cases have a mistake; `report.json` lists every case."]
    return "\n".join(lines) + "\n"


def _table(title: str, rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    lines = [f"## {title}", "", "| slice | measure | share (95 % interval, votes) |", "|---|---|---|"]
    lines += [f"| {row.name} | {MEASURES[row.measure]} | {row.share} |" for row in rows]
    return [*lines, ""]


def _wanted(result: Result) -> str:
    case = result.case
    if case.kind is Kind.OTHER_CONDITION:
        return f"a page on {case.other}"
    if case.kind is Kind.OUT_OF_SCOPE:
        return f"to be declined ({case.subkind})"
    if case.kind is Kind.SMALL_TALK:
        return str(case.intent)
    return " and ".join(
        "/".join(str(condition) for condition in part.conditions)
        + " on "
        + ("/".join(part.topics) or "any topic")
        for part in case.parts
    )


def _answered(result: Result) -> str:
    said = [f"{condition or 'any bump'} on {topic}" for condition, topic in result.answered]
    said += [f"a page on {name}" for name in result.signposts]
    said += [f"red flag {flag}" for flag in result.red_flags]
    return ", ".join(said) or "nothing"


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return "“" + (flat if len(flat) <= _LONGEST_SHOWN else flat[:_LONGEST_SHOWN] + " …") + "”"
