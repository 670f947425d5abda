"""Finding red flags in a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from skinfo.facts import Urgency
from skinfo.red_flags.context import ContextReader, Status
from skinfo.red_flags.normalising import Normaliser, PlainText
from skinfo.red_flags.phrases import concept_pattern, known_beginnings, known_words
from skinfo.red_flags.rules import RedFlag, RedFlagRules, Sign, parse_sign

#: Signs that belong together stand in one sentence or the next.
_NEARBY_SENTENCES = 1
_MOST_PRESENT_FIRST: tuple[Status, ...] = ("present", "denied", "past", "hypothetical", "other_person")


@dataclass(frozen=True)
class RedFlagMention:
    """A red flag that a message speaks of.

    Attributes:
        id: the flag.
        urgency: how fast, already raised where a sign escalates it.
        kind: medical, or crisis: then only support is given.
        status: present, or why it does not count.
        start_char: where the sign begins in the text.
        end_char: where it ends.
        evidence: the concepts found.
    """

    id: str
    urgency: Urgency
    kind: Literal["medical", "crisis"]
    status: Status
    start_char: int
    end_char: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A concept in a message; start and end count words."""

    start: int
    end: int
    sentence: int
    status: Status


class RedFlagDetector:
    """Weighs phrases and their context by the rules in ``facts/red_flags/``."""

    def __init__(self, rules: RedFlagRules) -> None:
        """Compile the rules."""
        self._flags = rules.flags
        self._background = {name for name, concept in rules.concepts.items() if concept.background}
        self._patterns = {name: concept_pattern(concept.phrases) for name, concept in rules.concepts.items()}
        phrases = [phrase for concept in rules.concepts.values() for phrase in concept.phrases]
        self._normalise = Normaliser(known_words(phrases), known_beginnings(phrases), rules.spelled_the_same)
        self._context = ContextReader(rules.context)
        self._signs = {flag.id: [parse_sign(text) for text in flag.signs] for flag in rules.flags}
        self._escalations = {flag.id: [parse_sign(text) for text in flag.escalates] for flag in rules.flags}

    def detect(self, doc: Doc) -> tuple[RedFlagMention, ...]:
        """The red flags in a spaCy doc; see `detect_text`."""
        return self.detect_text(doc.text)

    def detect_text(self, text: str) -> tuple[RedFlagMention, ...]:
        """The red flags that a message speaks of, the most urgent first, each once."""
        plain = self._normalise(text)
        if not plain.words:
            return ()
        concepts = self._concepts(plain)
        if not concepts:
            return ()
        mentions = [mention for flag in self._flags if (mention := self._mention(flag, plain, concepts))]
        return tuple(
            sorted(mentions, key=lambda mention: (mention.status != "present", -mention.urgency.rank))
        )

    def _concepts(self, plain: PlainText) -> dict[str, list[_Found]]:
        joined = " ".join(plain.words)
        word_at: dict[int, int] = {}
        place = 0
        for index, word in enumerate(plain.words):
            word_at[place] = index
            place += len(word) + 1
        spans: list[tuple[str, int, int]] = []
        for name, pattern in self._patterns.items():
            for match in pattern.finditer(joined):
                start = word_at[match.start()]
                spans.append((name, start, start + len(match.group().split())))
        statuses = self._context.statuses(plain, [(start, end) for _, start, end in spans])
        found: dict[str, list[_Found]] = defaultdict(list)
        for (name, start, end), status in zip(spans, statuses, strict=True):
            found[name].append(_Found(start, end, plain.sentences[start], status))
        return found

    def _mention(
        self, flag: RedFlag, plain: PlainText, concepts: dict[str, list[_Found]]
    ) -> RedFlagMention | None:
        best: tuple[Status, Sign, list[_Found]] | None = None
        for sign in self._signs[flag.id]:
            matched = self._match(sign, concepts)
            if matched and (best is None or _rank(matched[0]) < _rank(best[0])):
                best = (matched[0], sign, matched[1])
        if best is None:
            return None
        status, sign, found = best
        if flag.kind == "crisis" and status in ("hypothetical", "other_person"):
            status = "present"  # if unsure, a person in crisis is taken at their word
        escalated = status == "present" and any(
            (matched := self._match(escalation, concepts)) and matched[0] == "present"
            for escalation in self._escalations[flag.id]
        )
        first = min(found, key=lambda one: one.start)
        last = max(found, key=lambda one: one.end)
        return RedFlagMention(
            id=flag.id,
            urgency=Urgency.EMERGENCY if escalated else flag.urgency,
            kind=flag.kind,
            status=status,
            start_char=plain.places[first.start][0],
            end_char=plain.places[last.end - 1][1],
            evidence=sign.needs,
        )

    def _match(self, sign: Sign, concepts: dict[str, list[_Found]]) -> tuple[Status, list[_Found]] | None:
        if any(name not in concepts for name in sign.needs):
            return None
        if any(one.status == "present" for name in sign.unless for one in concepts.get(name, ())):
            return None
        near = [name for name in sign.needs if name not in self._background]
        far = [name for name in sign.needs if name in self._background]
        anchors: list[_Found | None] = [*concepts[near[0]]] if near else [None]
        best: tuple[Status, list[_Found]] | None = None
        for anchor in anchors:
            chosen: list[_Found] = [] if anchor is None else [anchor]
            for name in [*near[1:], *far]:
                candidates: Iterable[_Found] = concepts[name]
                if name in near and anchor is not None:
                    candidates = [
                        one for one in candidates if abs(one.sentence - anchor.sentence) <= _NEARBY_SENTENCES
                    ]
                candidates = _apart(candidates, chosen)
                if not candidates:
                    break
                chosen.append(min(candidates, key=lambda one: _rank(one.status)))
            else:
                status = max((one.status for one in chosen), key=_rank)
                if best is None or _rank(status) < _rank(best[0]):
                    best = (status, chosen)
        return best


def _apart(candidates: Iterable[_Found], chosen: Sequence[_Found]) -> list[_Found]:
    """Two concepts are two pieces of evidence only when they are not the very same words."""
    taken = {(one.start, one.end) for one in chosen}
    return [one for one in candidates if (one.start, one.end) not in taken]


def _rank(status: Status) -> int:
    return _MOST_PRESENT_FIRST.index(status)
