"""Messages beyond the dossier's: what was once found stays found."""

from pathlib import Path

import yaml

from skinfo.facts import Urgency

BATCHES = yaml.safe_load((Path(__file__).parent / "own_messages.yml").read_text(encoding="utf-8"))


def test_nearly_all_are_found_at_their_urgency(present) -> None:
    messages = [message for batch in BATCHES for message in batch["present"]]
    missed = [
        message["text"]
        for message in messages
        if max((urgency.rank for urgency in present(message["text"]).values()), default=0)
        < Urgency(message["urgency"]).rank
    ]

    assert len(missed) <= 0.03 * len(messages), missed


def test_nearly_nothing_is_raised_without_need(present) -> None:
    texts = [text for batch in BATCHES for text in batch["absent"]]
    raised = [text for text in texts if present(text)]

    assert len(raised) <= 0.02 * len(texts), raised
