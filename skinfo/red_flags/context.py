"""Which signs are denied, only supposed, past, or somebody else's: medSpaCy's ConText with our words.

ConText: Harkema et al. (2009), doi:10.1016/j.jbi.2009.05.002. medSpaCy: Eyre et al. (2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import spacy
from loguru import logger as loguru_logger
from medspacy.context import ConText, ConTextModifier, ConTextRule
from spacy.tokens import Doc, Span

from skinfo.red_flags.normalising import PlainText
from skinfo.red_flags.phrases import spelled_out, token_patterns
from skinfo.red_flags.rules import ContextKind, ContextRules

_GROUP = "skinfo_signs"
_COMMA, _STOP = ",", "."

# medSpaCy's sentence splitter, imported with it, logs every sentence at DEBUG.
loguru_logger.disable("PyRuSH")


class ContextReader:
    """Says of each sign in a message what takes it back, if anything does."""

    def __init__(self, rules: ContextRules) -> None:
        """Compile the rules."""
        self._nlp = spacy.blank("en")
        # One ConText a direction: where two rules match the very same words, ConText keeps only one.
        self._directions = [
            self._compiled(rules, "FORWARD"),
            self._compiled(rules, "BACKWARD"),
        ]
        self._kinds: dict[str, ContextKind] = {kind.upper(): kind for kind, _ in rules.kinds()}

    def _compiled(self, rules: ContextRules, direction: Literal["FORWARD", "BACKWARD"]) -> ConText:
        context = ConText(
            self._nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=_GROUP
        )
        entries = [ConTextRule(_STOP, "SENTENCE", [{"LOWER": _STOP}], direction="TERMINATE")]
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
        context.add(entries)
        return context

    def kinds_of(self, text: PlainText, spans: Sequence[tuple[int, int]]) -> list[frozenset[ContextKind]]:
        """What takes back each span of words; an empty set for a sign that stands.

        Args:
            text: the message.
            spans: start and end (excluded) word of each sign.
        """
        found: list[set[ContextKind]] = [set() for _ in spans]
        if not spans:
            return []
        for context in self._directions:
            doc, place = self._doc(text)
            targets = [
                Span(doc, place[start], place[end - 1] + 1, label=f"SIGN{index}")
                for index, (start, end) in enumerate(spans)
            ]
            doc.spans[_GROUP] = targets
            context(doc)
            graph = doc._.context_graph
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

    def _doc(self, text: PlainText) -> tuple[Doc, list[int]]:
        """The message as ConText reads it, pauses and ends of sentences as tokens of their own."""
        tokens: list[str] = []
        starts: list[bool | int | None] = []
        place: list[int] = []
        for index, word in enumerate(text.words):
            new = index == 0 or text.sentences[index] != text.sentences[index - 1]
            if new and index:
                tokens.append(_STOP)
                starts.append(False)
            elif index in text.pauses:
                tokens.append(_COMMA)
                starts.append(False)
            place.append(len(tokens))
            tokens.append(word)
            starts.append(new)
        return Doc(self._nlp.vocab, words=tokens, sent_starts=starts), place


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
) -> list[ConTextRule]:
    return [
        ConTextRule(
            f"{phrase} {number}",
            category.upper(),
            pattern,
            direction=direction,
            max_scope=reach,
            terminated_by=set(ended_by),
        )
        for number, pattern in enumerate(token_patterns(phrase))
    ]
