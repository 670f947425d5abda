"""Finding red flags in a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from skinfo.facts import Urgency
from skinfo.red_flags.context import ContextReader
from skinfo.red_flags.indexing import ConceptIndex
from skinfo.red_flags.normalising import Normaliser, PlainText
from skinfo.red_flags.phrases import concept_pattern, known_words
from skinfo.red_flags.rules import ContextKind, RedFlag, RedFlagRules, Sign, parse_sign

Status = Literal["present", "denied", "hypothetical", "past", "other_person", "figurative"]

#: Signs that belong together stand in one sentence or the next.
_NEARBY_SENTENCES = 1
_MOST_PRESENT_FIRST: tuple[Status, ...] = (
    "present",
    "denied",
    "past",
    "hypothetical",
    "other_person",
    "figurative",
)
_STATUS_OF: dict[ContextKind, Status] = {
    "denied": "denied",
    "hypothetical": "hypothetical",
    "supposed": "hypothetical",
    "past": "past",
    "last_year": "past",
    "hearsay": "other_person",
    "acquaintance": "other_person",
}


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
        lexicon, context = rules.lexicon, rules.context
        self._flags = rules.flags
        self._background = {name for name, concept in lexicon.concepts.items() if concept.background}
        self._even_if = {
            name: frozenset(concept.even_if) for name, concept in lexicon.concepts.items() if concept.even_if
        }
        self._patterns = {
            name: concept_pattern(concept.phrases, lexicon.groups)
            for name, concept in lexicon.concepts.items()
        }
        self._index = ConceptIndex(
            ((name, concept.phrases) for name, concept in lexicon.concepts.items()), lexicon.groups
        )
        self._figures = concept_pattern(context.figurative, lexicon.groups)
        self._called_off = {
            kind: concept_pattern(words.unless, {}) for kind, words in context.kinds() if words.unless
        }
        whole, begun = known_words(
            [phrase for concept in lexicon.concepts.values() for phrase in concept.phrases], lexicon.groups
        )
        self._normalise = Normaliser(whole, begun, lexicon.spelled_the_same, lexicon.not_slips)
        self._context = ContextReader(context)
        self._signs = {flag.id: [parse_sign(text) for text in flag.signs] for flag in rules.flags}
        self._openings = {
            id_: frozenset(sign.needs[0] for sign in signs) for id_, signs in self._signs.items()
        }
        self._escalations = {flag.id: [parse_sign(text) for text in flag.escalates] for flag in rules.flags}
        self._reliefs = {flag.id: [parse_sign(text) for text in flag.lowers] for flag in rules.flags}

    @property
    def flags(self) -> tuple[RedFlag, ...]:
        """The flags that are looked for."""
        return self._flags

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
        mentions = [
            mention
            for flag in self._flags
            if not self._openings[flag.id].isdisjoint(concepts)
            and (mention := self._mention(flag, plain, concepts))
        ]
        return tuple(
            sorted(mentions, key=lambda mention: (mention.status != "present", -mention.urgency.rank))
        )

    def _concepts(self, plain: PlainText) -> dict[str, list[_Found]]:
        joined, word_at = plain.joined()
        spans: list[tuple[str, int, int]] = []
        possible = self._index.possible(plain.words)
        for name, pattern in self._patterns.items():
            if name not in possible:
                continue
            for match in pattern.finditer(joined):
                start = word_at[match.start()]
                spans.append((name, start, start + len(match.group().split())))
        if not spans:
            return {}
        figures = [
            range(word_at[match.start()], word_at[match.start()] + len(match.group().split()))
            for match in self._figures.finditer(joined)
        ]
        found: dict[str, list[_Found]] = defaultdict(list)
        reasons = self._context.kinds_of(plain, [(start, end) for _, start, end in spans])
        called_off = {
            (kind, plain.sentences[word_at[match.start()]])
            for kind in frozenset().union(*reasons) & self._called_off.keys()
            for match in self._called_off[kind].finditer(joined)
        }
        for (name, start, end), kinds in zip(spans, reasons, strict=True):
            sentence = plain.sentences[start]
            status: Status = "present"
            if any(start < figure.stop and figure.start < end for figure in figures):
                status = "figurative"
            else:
                left = {
                    kind
                    for kind in kinds - self._even_if.get(name, frozenset())
                    if (kind, sentence) not in called_off
                }
                status = next((known for kind, known in _STATUS_OF.items() if kind in left), "present")
            found[name].append(_Found(start, end, sentence, status))
        return found

    def _mention(
        self, flag: RedFlag, plain: PlainText, concepts: dict[str, list[_Found]]
    ) -> RedFlagMention | None:
        best: tuple[Status, Sign, list[_Found]] | None = None
        for sign in self._signs[flag.id]:
            matched = self._match(sign, concepts)
            if matched and (best is None or _rank(matched[0]) < _rank(best[0])):
                best = (matched[0], sign, matched[1])
                if matched[0] == "present":
                    break
        if best is None:
            return None
        status, sign, found = best
        urgency = flag.urgency
        if status == "present":
            if self._stands(self._escalations[flag.id], concepts):
                urgency = Urgency.EMERGENCY
            elif self._stands(self._reliefs[flag.id], concepts):
                urgency = min(urgency, Urgency.SAME_DAY, key=lambda one: one.rank)
        first = min(found, key=lambda one: one.start)
        last = max(found, key=lambda one: one.end)
        return RedFlagMention(
            id=flag.id,
            urgency=urgency,
            kind=flag.kind,
            status=status,
            start_char=plain.places[first.start][0],
            end_char=plain.places[last.end - 1][1],
            evidence=sign.needs,
        )

    def _stands(self, signs: Iterable[Sign], concepts: dict[str, list[_Found]]) -> bool:
        return any(
            (matched := self._match(sign, concepts)) is not None and matched[0] == "present" for sign in signs
        )

    def _match(self, sign: Sign, concepts: dict[str, list[_Found]]) -> tuple[Status, list[_Found]] | None:
        for name in sign.needs:
            if name not in concepts:
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
