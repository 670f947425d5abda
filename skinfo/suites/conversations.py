"""The suites' conversations as plain messages, for whoever wants to replay them: a load generator, say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from skinfo.paths import facts_folder
from skinfo.suites.cases import read_cases, suite_files
from skinfo.suites.vocabulary import Vocabulary


@dataclass(frozen=True)
class Conversation:
    """What one person says, in order.

    Attributes:
        name: the case's, and the person's where a case has several.
        messages: texts; a button's title where one was pressed.
        country: two letters, when the case tells it.
    """

    name: str
    messages: tuple[str, ...]
    country: str | None = None


def read_conversations(paths: Iterable[Path]) -> tuple[Conversation, ...]:
    """Every conversation of the suites at these paths, folders searched through.

    Raises:
        ContentError: a path or a file that cannot be used, with its line and the mend.
    """
    vocabulary = Vocabulary(facts_folder())
    conversations = []
    for file in suite_files(paths):
        for case in read_cases(file, vocabulary):
            people: dict[str, list[str]] = {}
            for step in case.steps:
                people.setdefault(step.person, []).append(step.user)
            country = case.metadata.get("country")
            for person, messages in people.items():
                name = case.name if len(people) == 1 else f"{case.name} ({person})"
                conversations.append(
                    Conversation(name, tuple(messages), country if isinstance(country, str) else None)
                )
    return tuple(conversations)
