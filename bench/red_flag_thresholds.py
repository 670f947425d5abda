"""What each threshold would do, on messages nobody trained on: ``python -m bench.red_flag_thresholds``.

The thresholds in `skinfo.red_flags.weighing` were read off this table. It is made from the set kept
for that (``tests/red_flag_messages/tuning.yml``), never from the one that is scored.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skinfo.facts import Urgency
from skinfo.language.pipeline import shared_detector
from skinfo.paths import facts_folder
from skinfo.red_flags import load_red_flags, read_messages

TUNING = Path("tests/red_flag_messages/tuning.yml")
STEPS = np.arange(-4.0, 1.01, 0.25)


def main() -> None:
    """Print sensitivity and false alarms for each group of flags and each threshold."""
    known = frozenset(flag.id for flag in load_red_flags(facts_folder() / "red_flags").flags)
    messages = read_messages([TUNING], known)
    detector = shared_detector()
    weighed = [detector.weigh(one.text) for one in track(messages, transient=True)]
    groups = sorted({one.group for one in weighed if one.group})
    table = Table("score", *(f"{group}: found | false" for group in groups), title=str(TUNING))
    for step in STEPS:
        cells = []
        for group in groups:
            chosen = [(one, said) for one, said in zip(messages, weighed, strict=True) if said.group == group]
            present = [said.any_flag for one, said in chosen if one.urgency is not Urgency.NONE]
            absent = [said.any_flag for one, said in chosen if one.urgency is Urgency.NONE]
            found = np.mean([odds >= step for odds in present]) if present else np.nan
            false = sum(odds >= step for odds in absent)
            cells.append(f"{found:.3f} of {len(present)} | {false} of {len(absent)}")
        table.add_row(f"{step:.1f}", *cells)
    Console(highlight=False, width=160).print(table)


if __name__ == "__main__":
    main()
