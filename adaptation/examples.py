"""What the encoder learns from: the examples of ``data/nlu`` and the messages of ``data/red_flags``."""

from __future__ import annotations

from dataclasses import dataclass

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data

from skinfo.paths import facts_folder, project_folder
from skinfo.rasa.training import OUT_OF_SCOPE, everyday_questions
from skinfo.red_flags import load_red_flags, read_messages


@dataclass(frozen=True)
class Example:
    """A text and what is known of it; what is not known is None and not learned.

    Attributes:
        intent: what it asks, for what is in scope.
        outside: whether it is out of scope.
        flagged: whether it holds a red flag.
        flags: which; empty for none.
        urgency: of the message, where it holds a flag.
    """

    text: str
    intent: str | None = None
    outside: bool | None = None
    flagged: bool | None = None
    flags: tuple[str, ...] = ()
    urgency: str | None = None


#: How often the messages of stressed files count.
_STRESS = 3


def read_examples(stress: str | None = None) -> list[Example]:
    """Every example, in a fixed order.

    Args:
        stress: a glob of files of ``data/red_flags`` whose messages count thrice: what is new to an encoder
            that goes on learning.

    Raises:
        ContentError: a mistake in ``data/red_flags`` or in the rules.
    """
    return [*_questions(), *_red_flags("*.yml"), *(_red_flags(stress) * (_STRESS - 1) if stress else [])]


def _questions() -> list[Example]:
    examples = []
    everyday = {text for text, _ in everyday_questions()}
    for message in load_data(str(project_folder() / "data" / "nlu")).intent_examples:
        intent = message.get(INTENT)
        examples.append(
            Example(
                message.get(TEXT),
                intent=None if intent == OUT_OF_SCOPE else intent,
                outside=intent == OUT_OF_SCOPE,
                flagged=False if message.get(TEXT) in everyday else None,
            )
        )
    return examples


def _red_flags(names: str) -> list[Example]:
    known = frozenset(flag.id for flag in load_red_flags(facts_folder() / "red_flags").flags)
    files = sorted((project_folder() / "data" / "red_flags").glob(names))
    return [
        Example(
            message.text,
            flagged=bool(message.flags),
            flags=tuple(sorted(message.flags)),
            urgency=message.urgency.value if message.flags else None,
        )
        for message in read_messages(files, known)
    ]
