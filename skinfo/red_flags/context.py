"""Which signs are denied, only supposed, past, or somebody else's: medSpaCy's ConText with our words.

ConText: Harkema et al. (2009), doi:10.1016/j.jbi.2009.05.002. medSpaCy: Eyre et al. (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import spacy
from loguru import logger as loguru_logger
from medspacy.context import ConText, ConTextRule
from spacy.tokens import Doc, Span

from skinfo.red_flags.normalising import PlainText
from skinfo.red_flags.rules import ContextRules, ContextWords

Status = Literal["present", "denied", "hypothetical", "past", "other_person"]

_GROUP = "skinfo_signs"
_KINDS: tuple[Status, ...] = ("denied", "hypothetical", "past", "other_person")

# medSpaCy's sentence splitter, imported with it, logs every sentence at DEBUG.
loguru_logger.disable("PyRuSH")


class ContextReader:
    """Says of each sign in a message whether it stands."""

    def __init__(self, rules: ContextRules) -> None:
        """Compile the rules."""
        self._nlp = spacy.blank("en")
        self._context = ConText(
            self._nlp,
            rules=None,
            span_attrs=None,
            input_span_type="group",
            span_group_name=_GROUP,
        )
        whole = frozenset(rules.whole_sentence)
        entries: list[ConTextRule] = []
        for kind in _KINDS:
            words: ContextWords = getattr(rules, kind)
            entries += [
                _rule(word, kind, "FORWARD", words.reach) for word in words.before if word not in whole
            ]
        entries += [_rule(word, "END", "TERMINATE", None) for word in rules.end]
        self._context.add(entries)
        # "… in my eye as a teen", "what if my face swells": a "my" in between changes nothing here.
        self._far_reaching = ConText(
            self._nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name=_GROUP
        )
        far = [_rule(word, "hypothetical", "FORWARD", None) for word in whole]
        for kind in _KINDS:
            words = getattr(rules, kind)
            far += [_rule(word, kind, "BACKWARD", words.reach) for word in words.after]
        far += [_rule(word, "END", "TERMINATE", None) for word in rules.always_end]
        self._far_reaching.add(far)

    def statuses(self, text: PlainText, spans: Sequence[tuple[int, int]]) -> list[Status]:
        """The status of each span of words.

        Args:
            text: the message.
            spans: start and end (excluded) word of each sign.
        """
        if not spans:
            return []
        starts: list[bool | int | None] = [
            place == 0 or number != text.sentences[place - 1] for place, number in enumerate(text.sentences)
        ]
        found: list[Status] = ["present"] * len(spans)
        for context in (self._context, self._far_reaching):
            doc = Doc(self._nlp.vocab, words=list(text.words), sent_starts=starts)
            doc.spans[_GROUP] = [
                Span(doc, start, end, label=f"SIGN{index}") for index, (start, end) in enumerate(spans)
            ]
            context(doc)
            for target, modifier in doc._.context_graph.edges:
                if target.start <= modifier.modifier_span[0] < target.end:
                    continue  # words of the sign itself ("without" in "better off without me")
                index = int(target.label_.removeprefix("SIGN"))
                kind = modifier.category.lower()
                if found[index] == "present" or kind == "denied":
                    found[index] = next(status for status in _KINDS if status == kind)
        return found


def _rule(words: str, category: str, direction: str, reach: int | None) -> ConTextRule:
    # Word by word: spaCy's tokenizer would take "isnt" apart, and ours does not.
    pattern = [{"LOWER": word} for word in words.split()]
    return ConTextRule(words, category.upper(), pattern, direction=direction, max_scope=reach)
