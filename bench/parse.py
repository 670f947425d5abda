"""What it costs to understand a message, on one core: ``make bench-parse``.

Red-flag detection is timed over ``tests/red_flag_messages/tuning.yml``, the whole NLU parse over
``tests/understanding/tuning.jsonl``. Beside each stands its floor, on the same messages in the same run:
spaCy's blank tokenizer and one pass of the sentence encoder over the whole message, without which nothing is
understood. A machine is fast or busy; the ratio to the floor says more than the milliseconds, which are
processor time.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

DETECTED = Path("tests/red_flag_messages/tuning.yml")
PARSED = Path("tests/understanding/tuning.jsonl")
_WARM_UP = 20


def main() -> None:
    """Measure and print a table."""
    _on_one_core()
    from skinfo.rasa.process import prepare_process

    prepare_process()
    import spacy
    from rich.console import Console
    from rich.table import Table

    from skinfo.encoder import SentenceEncoder
    from skinfo.evaluation.cases import read_lines
    from skinfo.language import load_language, read_doc, weigh_red_flags
    from skinfo.paths import encoder_folder, facts_folder
    from skinfo.rasa.bot import Bot
    from skinfo.rasa.training import model_file
    from skinfo.red_flags import load_red_flags, read_messages

    known = frozenset(flag.id for flag in load_red_flags(facts_folder() / "red_flags").flags)
    told = [message.text for message in read_messages([DETECTED], known)]
    asked = [str(entry.get("text") or entry["turns"][-1]) for _, entry in read_lines(PARSED)]
    tokenizer, encoder = spacy.blank("en"), SentenceEncoder.shared(encoder_folder())
    bot, language, loop = Bot.load(model_file()), load_language(), asyncio.new_event_loop()

    def floor(text: str) -> None:
        tokenizer(text)
        encoder.encode(text)

    table = Table("measure", "p50 ms", "p95 ms", "p50 ÷ floor", "p95 ÷ floor", title="One message, one core")
    for name, texts, act in (
        (f"red-flag detection, {len(told)} messages", told, weigh_red_flags),
        (f"names and red flags, {len(asked)} messages", asked, lambda text: read_doc(language(text))),
        (
            f"NLU parse, {len(asked)} messages",
            asked,
            lambda text: loop.run_until_complete(bot.understand(text)),
        ),
    ):
        middle, late = _times(texts, act)
        floor_middle, floor_late = _times(texts, floor)
        table.add_row("floor: tokenizer, encoder", f"{floor_middle:.1f}", f"{floor_late:.1f}", "1", "1")
        table.add_row(
            name,
            f"{middle:.1f}",
            f"{late:.1f}",
            f"{middle / floor_middle:.1f}",
            f"{late / floor_late:.1f}",
            end_section=True,
        )
    Console(highlight=False, width=120).print(table)


def _times(texts: Sequence[str], act: Callable[[str], object]) -> tuple[float, float]:
    """The median and the 95th percentile of the milliseconds that a text takes.

    Each text is taken once in a pass, so that the encoder, which keeps the last few, has none of them left.
    """
    for text in texts[:_WARM_UP]:
        act(text)
    spent = []
    for text in texts[_WARM_UP:]:
        began = time.process_time()
        act(text)
        spent.append(1000 * (time.process_time() - began))
    cuts = statistics.quantiles(spent, n=100)
    return cuts[49], cuts[94]


def _on_one_core() -> None:
    """Before anything starts threads."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if __name__ == "__main__":
    main()
