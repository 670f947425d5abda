"""Where both kinds of evidence are weighed: the one place that decides which red flags are raised.

Evidence of the first kind are the rules of ``facts/red_flags/`` with ConText. They explain
themselves, find a sign in any sentence, and know what is denied; but people word signs endlessly.
Evidence of the second kind is learned from the messages of ``data/red_flags/``; what the rules found
is among what it learned from, so its log-odds already weigh both.

A message is scored as a whole, which keeps a sign and its denial together, and clause by clause,
because a long story dilutes the sign in it; the surest clause counts for `CLAUSE_SHARE`. Its score is
the log-odds that it holds a red flag, less what is in doubt about which flag it is: what is truly
there mostly has one likely name. A flag is raised when the score reaches the threshold of the
likeliest flag's group, or `RULES_SUFFICE` where the rules found a sign, or when the clause in which they
found one reaches `RULES_SUFFICE_IN_CLAUSE`.

All numbers were chosen on ``tests/red_flag_messages/tuning.yml`` and ``tests/understanding/tuning.jsonl``,
which nobody trained on (``python -m bench.red_flag_thresholds`` prints the sweep): the thresholds keep false
alarms on messages that only sound like a red flag near one in thirty, before the rules have their say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from skinfo.facts import Urgency
from skinfo.red_flags.detecting import RedFlagDetector, RedFlagMention
from skinfo.red_flags.learned import LearnedDetector, Scores
from skinfo.red_flags.rules import RedFlag

#: Splits a text into the start and end character of its clauses.
SplitClauses = Callable[[str], Sequence[tuple[int, int]]]
Group = Literal["crisis", "emergency", "same_day", "see_doctor"]

#: Score from which a flag is raised, by the group of the likeliest flag.
THRESHOLDS: Mapping[Group, float] = {"crisis": 0.2, "emergency": 0.2, "same_day": 0.6, "see_doctor": -0.2}
#: Where the rules found a sign this score is enough: they know words that nobody learned from, and
#: explain themselves.
RULES_SUFFICE = -1.0
#: Or this much for the clause they found it in, whatever the rest asks: "pus and a fever, how do you
#: treat a stye".
RULES_SUFFICE_IN_CLAUSE = 1.3
#: How much the doubt about which flag it is counts: times the log of the likeliest flag's probability.
NAME_DOUBT = 1.25
#: How much the surest clause counts beside the whole message.
CLAUSE_SHARE = 0.3
#: Probability, given that some flag is present, from which one is raised beside the likeliest.
FURTHER_FLAG = 0.3
#: The most urgent level that, with the levels above it, is at least this likely is taken.
URGENCY_DOUBT = 0.45
#: A very long message is read to its end by the rules; the learned part reads this many clauses.
MOST_CLAUSES = 24


@dataclass(frozen=True)
class Weighed:
    """What was weighed for one message.

    Attributes:
        mentions: the flags raised, the most urgent first, and those that are denied or past.
        any_flag: the score that counted; None without a learned model.
        group: the likeliest flag's group, whose threshold counted.
    """

    mentions: tuple[RedFlagMention, ...]
    any_flag: float | None = None
    group: Group | None = None


class WeighedDetector:
    """Finds the red flags of a message by rules and by what was learned."""

    def __init__(
        self,
        flags: Sequence[RedFlag],
        rules: RedFlagDetector,
        learned: LearnedDetector | None,
        split_clauses: SplitClauses,
    ) -> None:
        self._flags = {flag.id: flag for flag in flags}
        self._rules = rules
        self._learned = learned
        self._split = split_clauses

    def detect(self, doc: Doc) -> tuple[RedFlagMention, ...]:
        """The red flags of a spaCy doc; see `weigh`."""
        return self.weigh(doc.text).mentions

    def weigh(self, text: str, thresholds: Mapping[Group, float] = THRESHOLDS) -> Weighed:
        """Weigh the evidence in a message.

        Args:
            text: what was written.
            thresholds: others than the chosen ones, to see what they would do.
        """
        by_rules = self._rules.detect_text(text)
        if self._learned is None:
            return Weighed(by_rules)
        if not text.strip():
            return Weighed(())
        spans = self._split(text)[-MOST_CLAUSES:]
        if len(spans) < 2:
            spans = []
        clauses = [text[start:end] for start, end in spans]
        in_clauses = [_within(by_rules, start, end) for start, end in spans]
        whole, *parts = self._learned.scores([text, *clauses], [by_rules, *in_clauses])
        by_rule = {mention.id for mention in by_rules if mention.status == "present"}
        flags = {
            flag: max(likely, _with_clauses(likely, [part.flags[flag] for part in parts]))
            for flag, likely in whole.flags.items()
            if flag in self._flags
        }
        likeliest = max(flags, key=lambda flag: flags[flag])
        sounds = _with_clauses(whole.any_flag, [part.any_flag for part in parts])
        any_flag = sounds + NAME_DOUBT * math.log(min(flags[likeliest], 1.0))
        group = self._group(likeliest)
        with_sign = [
            part.any_flag
            for part, inside in zip(parts, in_clauses, strict=True)
            if any(mention.status == "present" for mention in inside)
        ]
        raised = (
            any_flag >= thresholds[group]
            or (bool(by_rule) and any_flag >= RULES_SUFFICE)
            or max(with_sign, default=-math.inf) >= RULES_SUFFICE_IN_CLAUSE
        )
        chosen = [
            flag
            for flag, likely in flags.items()
            if likely >= FURTHER_FLAG or flag == likeliest or flag in by_rule
        ]
        chosen = sorted(chosen, key=lambda flag: -flags[flag]) if raised else []
        over = [one for one in by_rules if one.status in ("denied", "past") and one.id not in chosen]
        return Weighed((*self._mentions(chosen, by_rules, whole, text), *over), any_flag, group)

    def _group(self, flag: str) -> Group:
        rule = self._flags[flag]
        if rule.kind == "crisis":
            return "crisis"
        groups: dict[Urgency, Group] = {
            Urgency.EMERGENCY: "emergency",
            Urgency.SAME_DAY: "same_day",
            Urgency.SEE_DOCTOR: "see_doctor",
        }
        return groups[rule.urgency]

    def _mentions(
        self, chosen: Sequence[str], by_rules: Sequence[RedFlagMention], whole: Scores, text: str
    ) -> list[RedFlagMention]:
        found = {mention.id: mention for mention in by_rules if mention.status == "present"}
        urgency = _urgency(whole.urgencies)
        mentions = []
        for place, flag in enumerate(chosen):
            rule, by_rule = self._flags[flag], found.get(flag)
            # The likeliest flag carries the message's urgency; a further one its own.
            level = urgency
            if place:
                level = min(rule.urgency, urgency, key=lambda one: one.rank)
            if by_rule is not None:
                level = max(by_rule.urgency, level, key=lambda one: one.rank)
            mentions.append(
                RedFlagMention(
                    id=flag,
                    urgency=level,
                    kind=rule.kind,
                    status="present",
                    start_char=by_rule.start_char if by_rule is not None else 0,
                    end_char=by_rule.end_char if by_rule is not None else len(text),
                    evidence=by_rule.evidence if by_rule is not None else ("learned",),
                )
            )
        return sorted(mentions, key=lambda mention: -mention.urgency.rank)


def _within(mentions: Iterable[RedFlagMention], start: int, end: int) -> list[RedFlagMention]:
    """What the rules found in a part of the text; reading the part anew costs more and finds no more."""
    return [one for one in mentions if one.start_char < end and start < one.end_char]


def _with_clauses(whole: float, clauses: Sequence[float]) -> float:
    return (1 - CLAUSE_SHARE) * whole + CLAUSE_SHARE * max(clauses) if clauses else whole


def _urgency(likely: Mapping[Urgency, float]) -> Urgency:
    reached = 0.0
    for level in (Urgency.EMERGENCY, Urgency.SAME_DAY):
        reached += likely[level]
        if reached >= URGENCY_DOUBT:
            return level
    return Urgency.SEE_DOCTOR
