"""Which signs are denied, only supposed, past, or somebody else's: medSpaCy's ConText with our words.

ConText: Harkema et al. (2009), doi:10.1016/j.jbi.2009.05.002. medSpaCy: Eyre et al. (2021).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from typing import Literal

import spacy
from loguru import logger as loguru_logger
from medspacy.common.util import prune_overlapping_matches
from medspacy.context import ConTextGraph, ConTextModifier, ConTextRule
from spacy.tokens import Doc, Span

from skinfo.red_flags.indexing import TokenMatcher
from skinfo.red_flags.normalising import PlainText
from skinfo.red_flags.phrases import TokenTest, spelled_out, token_patterns
from skinfo.red_flags.rules import ContextKind, ContextRules

_COMMA, _STOP = ",", "."
#: A rule with the phrase that it is found by.
_Entry = tuple[ConTextRule, tuple[TokenTest, ...]]

# medSpaCy's sentence splitter, imported with it, logs every sentence at DEBUG.
loguru_logger.disable("PyRuSH")


class ContextReader:
    """Says of each sign in a message what takes it back, if anything does."""

    def __init__(self, rules: ContextRules) -> None:
        """Compile the rules."""
        self._vocab = spacy.blank("en").vocab
        self._kinds: dict[str, ContextKind] = {kind.upper(): kind for kind, _ in rules.kinds()}
        # One ConText a direction: where two rules match the very same words, ConText keeps only one.
        self._directions = [
            _Direction(_compiled(rules, "FORWARD"), self._kinds),
            _Direction(_compiled(rules, "BACKWARD"), self._kinds),
        ]

    def kinds_of(self, text: PlainText, spans: Sequence[tuple[int, int]]) -> list[frozenset[ContextKind]]:
        """What takes back each span of words; an empty set for a sign that stands.

        Args:
            text: the message.
            spans: start and end (excluded) word of each sign.
        """
        found: list[set[ContextKind]] = [set() for _ in spans]
        # No context reaches over the end of a sentence, so that only those with a sign are read.
        for number in sorted({text.sentences[start] for start, _ in spans}):
            tokens, place = _tokens(text, number)
            doc: Doc | None = None
            targets: list[Span] = []
            for direction in self._directions:
                matches = direction.matches(tokens)
                if not matches:
                    continue
                if doc is None:
                    # One sentence, whatever spaCy would make of it.
                    starts: list[bool | int | None] = [True, *([False] * (len(tokens) - 1))]
                    doc = Doc(self._vocab, words=tokens, sent_starts=starts)
                    targets = [
                        Span(doc, place[start], place[end - 1] + 1, label=f"SIGN{index}")
                        for index, (start, end) in enumerate(spans)
                        if text.sentences[start] == number
                    ]
                graph = direction.graph(doc, matches, targets)
                for target, modifier in graph.edges:
                    self._note(modifier, target, targets, found)
                for modifier in graph.modifiers:
                    for target in targets:
                        if _around(modifier, target):
                            self._note(modifier, target, targets, found)
        return [frozenset(kinds) for kinds in found]

    def _note(
        self,
        modifier: ConTextModifier,
        target: Span,
        targets: Sequence[Span],
        found: Sequence[set[ContextKind]],
    ) -> None:
        kind = self._kinds.get(modifier.category)
        if kind is None:
            return
        start, end = modifier.modifier_span
        # "doesnt" in "the rash doesnt fade and she is floppy" belongs to the sign that it is part of.
        if kind == "denied" and any(sign.start <= start and end <= sign.end for sign in targets):
            return
        found[int(target.label_.removeprefix("SIGN"))].add(kind)


class _Direction:
    """ConText's rules of one direction.

    The rules are medSpaCy's, and so is what they reach and how they limit each other; only its matcher, which
    tries each of some thousand patterns at each word, is replaced by one that looks them up.
    """

    def __init__(self, rules: Sequence[_Entry], kinds: Container[str]) -> None:
        self._rules = [rule for rule, _ in rules]
        self._matcher = TokenMatcher(pattern for _, pattern in rules)
        self._takes_back = [rule.category in kinds for rule, _ in rules]

    def matches(self, tokens: Sequence[str]) -> list[tuple[int, int, int]]:
        """The rules that match a sentence, the longest where they overlap; none if none takes a sign back."""
        matches: list[tuple[int, int, int]] = prune_overlapping_matches(self._matcher(tokens))
        return matches if any(self._takes_back[rule] for rule, _, _ in matches) else []

    def graph(self, doc: Doc, matches: Iterable[tuple[int, int, int]], targets: list[Span]) -> ConTextGraph:
        """Which of the targets each match acts on."""
        modifiers = [ConTextModifier(self._rules[rule], start, end, doc) for rule, start, end in matches]
        graph = ConTextGraph(targets=targets, modifiers=modifiers)
        graph.update_scopes()
        graph.apply_modifiers()
        return graph


def _tokens(text: PlainText, number: int) -> tuple[list[str], dict[int, int]]:
    """A sentence as ConText reads it, pauses and its end as tokens of their own.

    Returns:
        The tokens, and the place among them of each of the message's words.
    """
    start = bisect_left(text.sentences, number)
    end = bisect_right(text.sentences, number)
    tokens: list[str] = []
    place: dict[int, int] = {}
    for index in range(start, end):
        if index in text.pauses and index > start:
            tokens.append(_COMMA)
        place[index] = len(tokens)
        tokens.append(text.words[index])
    if end < len(text.words):
        tokens.append(_STOP)
    return tokens, place


def _compiled(rules: ContextRules, direction: Literal["FORWARD", "BACKWARD"]) -> list[_Entry]:
    entries: list[_Entry] = [
        (ConTextRule(_STOP, "SENTENCE", direction="TERMINATE"), (TokenTest(whole=frozenset({_STOP})),))
    ]
    ends: dict[str, set[ContextKind]] = {}
    for kind, words in rules.kinds():
        for phrase in (
            *rules.end,
            *(words.end if direction == "FORWARD" else words.after_end),
        ):
            for concrete in spelled_out(phrase):
                ends.setdefault(concrete, set()).add(kind)
    # ConText keeps one rule where several match the same words, so a word that ends several kinds of
    # reach is one rule, named for all of them.
    names = {phrase: "END_" + "_".join(sorted(kinds)).upper() for phrase, kinds in ends.items()}
    for kind, words in rules.kinds():
        ended_by = {names[phrase] for phrase, kinds in ends.items() if kind in kinds}
        for phrase in words.before if direction == "FORWARD" else words.after:
            entries += _rules(phrase, kind, direction, words.reach, ended_by)
    for phrase, name in names.items():
        entries += _rules(phrase, name, "PSEUDO")
    for phrase in rules.says_nothing:
        entries += _rules(phrase, "NOTHING", "PSEUDO")
    return entries


def _around(modifier: ConTextModifier, target: Span) -> bool:
    """Whether words go round a sign and so act on it: "what would anaphylaxis look like"."""
    start, end = modifier.modifier_span
    overlaps = start < target.end and target.start < end
    return bool(overlaps and (start < target.start or target.end < end)) and modifier.category != "DENIED"


def _rules(
    phrase: str,
    category: str,
    direction: str,
    reach: int | None = None,
    ended_by: Iterable[str] = (),
) -> list[_Entry]:
    return [
        (
            ConTextRule(
                f"{phrase} {number}",
                category.upper(),
                direction=direction,
                max_scope=reach,
                terminated_by=set(ended_by),
            ),
            pattern,
        )
        for number, pattern in enumerate(token_patterns(phrase))
    ]
