"""Whether answers helped: votes, counted under the facts that were given. No text is kept.

Votes stand beside the conversations, so that several servers count together. A vote cannot be traced
to its conversation, and outlives it; whoever votes again on the same answer changes the vote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

#: The table; it is made with those of the conversations.
metadata = sa.MetaData()
_VOTES = sa.Table(
    "answer_votes",
    metadata,
    sa.Column("vote", sa.String(64), primary_key=True),
    sa.Column("about", sa.String(120), primary_key=True),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
#: Votes on an answer that gave no fact that is known here, such as one that is no longer served.
OTHER = "other"
_LONGEST_ID = 64
#: A comparison gives some dozens of facts.
_MOST_FACTS = 100


@dataclass(frozen=True)
class Vote:
    """What a person said of one answer."""

    answer: str
    helpful: bool
    about: tuple[str, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any], known: AbstractSet[str]) -> Vote:
        """A vote from a request.

        Args:
            body: ``{"answer": the message's id, "helpful": true or false, "about": [ids]}``.
            known: ids of facts and names of intents; others are counted as `OTHER`.

        Raises:
            ValueError: it is no vote.
        """
        answer, helpful, about = body.get("answer"), body.get("helpful"), body.get("about")
        if not isinstance(answer, str) or not 0 < len(answer) <= _LONGEST_ID:
            raise ValueError("answer must be the id of a message")
        if not isinstance(helpful, bool):
            raise ValueError("helpful must be true or false")
        if not isinstance(about, list) or len(about) > _MOST_FACTS:
            raise ValueError("about must be a list of ids")
        named = dict.fromkeys(item for item in about if isinstance(item, str) and item in known)
        return cls(answer, helpful, tuple(named) or (OTHER,))


@dataclass(frozen=True)
class Tally:
    """How often a fact helped and did not."""

    about: str
    helpful: int
    not_helpful: int


class Votes:
    """The votes in a database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self._engine = engine

    def count(self, conversation: str, vote: Vote) -> None:
        """Count a vote; an earlier one on the same answer is taken back.

        Args:
            conversation: whose answer it was. Only a one-way hash of it and the answer is kept.
            vote: what was said.
        """
        key = hashlib.sha256(f"{conversation}\0{vote.answer}".encode()).hexdigest()
        rows = [
            {"vote": key, "about": about, "helpful": vote.helpful, "day": date.today()}
            for about in vote.about
        ]
        with self._engine.begin() as connection:
            connection.execute(_VOTES.delete().where(_VOTES.c.vote == key))
            connection.execute(_VOTES.insert(), rows)

    def tallies(self) -> Sequence[Tally]:
        """The counts, what helped least often first."""
        yes = sa.func.sum(sa.case((_VOTES.c.helpful, 1), else_=0))
        query = sa.select(_VOTES.c.about, yes, sa.func.count() - yes).group_by(_VOTES.c.about)
        with self._engine.connect() as connection:
            tallies = [
                Tally(about, int(helped), int(not_)) for about, helped, not_ in connection.execute(query)
            ]
        return sorted(tallies, key=lambda tally: (-tally.not_helpful, tally.helpful, tally.about))
