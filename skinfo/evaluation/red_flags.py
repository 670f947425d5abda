"""How well red flags are found: sensitivity, false alarms, urgency. ``docs/safety.md`` has the figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from skinfo.content import ContentError
from skinfo.evaluation.cases import read_lines
from skinfo.evaluation.intervals import Share, share
from skinfo.facts import Urgency
from skinfo.red_flags import RedFlagMention, read_messages

#: Finds the red flags that are present in a text, and the log-odds that there is one (None by rules alone).
Detect = Callable[[str], tuple[tuple[RedFlagMention, ...], float | None]]

#: Of a labelled sentence (``negation.jsonl``): findings that must not raise a flag.
_TAKEN_BACK = ("negated", "historical")
#: What takes a finding back, before it in the same sentence.
_DENIAL = (
    r"\b(?:no|not|none|nor|never|without|den(?:y|ies|ied|ying)|had"
    r"|(?:is|are|was|were|do|does|did|have|has|ca|could|wo|would)n['’]?t)\b"
    r"(?:[^\w.!?]+\w+){0,5}?[^\w.!?]+"
)
ORDINARY = "ordinary"


@dataclass(frozen=True)
class RedFlagCase:
    """A message with what a careful nurse would raise.

    Attributes:
        flags: ids of red flags; empty when there is none, or when only the urgency is labelled.
        urgency: none for a message in which nothing should be raised.
        kind: for those, why not.
        without: the text with the finding that is taken back left out; None where there is none, or it
            was not found.
    """

    text: str
    flags: frozenset[str]
    urgency: Urgency
    kind: str | None
    without: str | None = None


@dataclass(frozen=True)
class RedFlagResult:
    """What was raised for a case, and for what is left of it without the finding that is taken back."""

    case: RedFlagCase
    raised: frozenset[str]
    urgency: Urgency
    log_odds: float | None
    raised_without: frozenset[str] = frozenset()

    @property
    def is_raised(self) -> bool:
        """Whether any flag was raised."""
        return bool(self.raised)

    @property
    def is_raised_by_finding(self) -> bool:
        """Whether a flag was raised that is not raised without the finding that is taken back."""
        return not self.raised <= self.raised_without


def read_red_flag_cases(file: Path, known: frozenset[str]) -> tuple[RedFlagCase, ...]:
    """Read labelled messages: YAML as in ``data/red_flags/``, or JSON lines with ``urgency`` or ``negation``.

    Raises:
        ContentError: something unusable, with file, line and mend.
    """
    if file.suffix in (".yml", ".yaml"):
        return tuple(
            RedFlagCase(one.text, one.flags, one.urgency, one.kind) for one in read_messages([file], known)
        )
    cases = []
    for number, entry in read_lines(file):
        text, urgency = entry.get("text"), entry.get("urgency")
        if isinstance(text, str) and urgency in set(Urgency):
            level = Urgency(urgency)
            kind = str(entry.get("label")) if level is Urgency.NONE else None
            cases.append(RedFlagCase(text, frozenset(), level, kind))
        elif isinstance(text, str) and "negation" in entry:
            stands = (entry["negation"], entry.get("temporality"))
            taken_back = next((kind for kind in _TAKEN_BACK if kind in stands), None)
            if taken_back is not None:
                without = _without(text, entry.get("target"))
                cases.append(RedFlagCase(text, frozenset(), Urgency.NONE, taken_back, without))
        else:
            raise ContentError(
                "no label of a red flag",
                file=file,
                line=number,
                mend='give "text" with "urgency" (none, see_doctor, same_day, emergency) or "negation"',
            )
    return tuple(cases)


def _without(text: str, finding: object) -> str | None:
    """The text without a finding and the words that take it back; None where they are not found."""
    if not isinstance(finding, str) or not finding.strip():
        return None
    rest, times = re.subn(
        rf"{_DENIAL}{re.escape(finding.strip())}\w*", "", text, count=1, flags=re.IGNORECASE
    )
    return rest if times else None


def run_red_flags(cases: Iterable[RedFlagCase], detect: Detect) -> list[RedFlagResult]:
    """What the detector raises for each case."""
    results = []
    for case in cases:
        mentions, log_odds = detect(case.text)
        present = _present(mentions)
        urgency = max((one.urgency for one in present), key=lambda level: level.rank, default=Urgency.NONE)
        without = _present(detect(case.without)[0]) if present and case.without is not None else []
        results.append(RedFlagResult(case, _ids(present), urgency, log_odds, _ids(without)))
    return results


def _present(mentions: Iterable[RedFlagMention]) -> list[RedFlagMention]:
    return [mention for mention in mentions if mention.status == "present"]


def _ids(mentions: Iterable[RedFlagMention]) -> frozenset[str]:
    return frozenset(mention.id for mention in mentions)


@dataclass(frozen=True)
class RedFlagRow:
    """One line of the report: what it counts, over which messages."""

    measure: str
    slice: str
    share: Share


def red_flag_rows(results: Sequence[RedFlagResult]) -> tuple[RedFlagRow, ...]:
    """Every measure over every slice that has messages."""
    positive = [one for one in results if one.case.urgency is not Urgency.NONE]
    negative = [one for one in results if one.case.urgency is Urgency.NONE]
    rows: list[RedFlagRow] = []

    def add(measure: str, name: str, chosen: Sequence[RedFlagResult], met: Callable[..., bool]) -> None:
        if chosen:
            votes = ((str(place), met(one)) for place, one in enumerate(chosen))
            rows.append(RedFlagRow(measure, name, share(votes)))

    add("raised", "every red flag", positive, lambda one: one.is_raised)
    for level in (Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.SEE_DOCTOR):
        chosen = [one for one in positive if one.case.urgency is level]
        add("raised", level.value, chosen, lambda one: one.is_raised)
    add("at or above the right urgency", "every red flag", positive, lambda one: not _under(one))
    add("under-triaged", "every red flag", positive, _under)
    add("over-triaged", "every red flag", positive, lambda one: one.urgency.rank > one.case.urgency.rank)
    labelled = [one for one in positive if one.case.flags]
    add(
        "a right flag among those raised",
        "every red flag",
        labelled,
        lambda one: bool(one.raised & one.case.flags),
    )
    confusable = [one for one in negative if one.case.kind != ORDINARY]
    add("false alarm", "sounds like a red flag", confusable, lambda one: one.is_raised)
    kinds = sorted({str(one.case.kind) for one in negative})
    for kind in kinds:
        chosen = [one for one in negative if one.case.kind == kind]
        add("false alarm", kind, chosen, lambda one: one.is_raised)
    taken_back = [one for one in negative if one.case.kind in _TAKEN_BACK]
    add(
        "raised by the finding taken back",
        "negated or past",
        taken_back,
        lambda one: one.is_raised_by_finding,
    )
    by_flag: dict[str, list[RedFlagResult]] = defaultdict(list)
    for one in labelled:
        for flag in one.case.flags:
            by_flag[flag].append(one)
    for flag, chosen in sorted(by_flag.items()):
        add("raised, by flag", flag, chosen, lambda one: one.is_raised)
    return tuple(rows)


def _under(one: RedFlagResult) -> bool:
    return one.urgency.rank < one.case.urgency.rank


def red_flag_data(results: Sequence[RedFlagResult], about: Mapping[str, Any]) -> dict[str, Any]:
    """The whole report as plain JSON values."""
    return {
        "about": dict(about),
        "rows": [asdict(row) for row in red_flag_rows(results)],
        "cases": [
            {
                "text": one.case.text,
                "wanted": one.case.urgency.value,
                "flags": sorted(one.case.flags),
                "kind": one.case.kind,
                "urgency": one.urgency.value,
                "raised": sorted(one.raised),
                "raised_without_finding": sorted(one.raised_without),
                "log_odds": one.log_odds,
            }
            for one in results
        ],
    }


def red_flag_markdown(
    results: Sequence[RedFlagResult], about: Mapping[str, Any], plots: Sequence[Path]
) -> str:
    """The report as Markdown, with every miss and every false alarm."""
    lines = ["# Red flags", ""]
    lines += [f"- {file['path']}: {file['cases']} messages" for file in about["files"]]
    lines += ["", "95 % intervals (Wilson).", "", "| measure | over | share (95 % interval, messages) |"]
    lines += ["|---|---|---|"]
    lines += [f"| {row.measure} | {row.slice} | {row.share} |" for row in red_flag_rows(results)]
    if plots:
        lines += ["", *(f"![{plot.stem}]({plot.name})" for plot in plots)]
    missed = [one for one in results if one.case.urgency is not Urgency.NONE and not one.is_raised]
    late = [one for one in results if one.is_raised and _under(one)]
    alarms = [one for one in results if one.case.urgency is Urgency.NONE and one.is_raised]
    for title, chosen in (("Missed", missed), ("Raised, but less urgent", late), ("False alarms", alarms)):
        lines += ["", f"## {title} ({len(chosen)})", ""]
        lines += [_line(one) for one in chosen]
    return "\n".join(lines) + "\n"


def _line(one: RedFlagResult) -> str:
    case = one.case
    wanted = ", ".join(sorted(case.flags)) or case.kind or "a flag"
    said = ", ".join(sorted(one.raised)) or "nothing"
    odds = "" if one.log_odds is None else f", log-odds {one.log_odds:.2f}"
    text = " ".join(case.text.split())
    return f"- {case.urgency.value} ({wanted}); raised {said} ({one.urgency.value}{odds}): “{text}”"
