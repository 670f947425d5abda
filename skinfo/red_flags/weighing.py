"""Where both kinds of evidence are weighed: the one place that decides which red flags are raised.

Evidence of the first kind are the rules of ``facts/red_flags/`` with ConText. They explain
themselves, find a sign in any sentence, and know what is denied; but people word signs endlessly.
Evidence of the second kind is learned from the messages of ``data/red_flags/``; what the rules found
is among what it learned from, so its log-odds already weigh both.

A message is scored as a whole: what is denied, supposed or long over is mostly so by what stands around
it. One that is longer than the encoder reads is scored in overlapping passages too, and the surest
counts. The score is the log-odds that it holds a red flag, less what is in doubt about which flag it
is: what is truly there mostly has one likely name. A flag is raised when the score reaches the
threshold of the likeliest flag's group. Where the rules found a crisis or an emergency, less is
enough (`RULES_SUFFICE`): they know words that nobody learned from, and one missed costs more than a
false alarm.

All numbers were chosen on ``tests/red_flag_messages/tuning.yml`` and ``tests/understanding/tuning.jsonl``,
which nobody trained on (``python -m bench.red_flag_thresholds`` prints the sweep): the thresholds keep false
alarms on messages that only sound like a red flag near one in forty. Tried there and not kept, because
they found no more and cried wolf oftener: scoring every clause of every message, letting a sign that
the rules found count whatever the message as a whole says, and weighing a sign with the clause it stands in.
Two numbers were settled with real messages in view as well: -1 rather than -1.5, for fewer denied signs are
raised, and less for a crisis by rules, for fewer are missed; that it is -3 rather than -4 was chosen on the
tuning set, where no crisis more is missed for it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from skinfo.facts import Urgency
from skinfo.red_flags.detecting import RedFlagDetector, RedFlagMention
from skinfo.red_flags.learned import LearnedDetector, Scores
from skinfo.red_flags.rules import RedFlag

Group = Literal["crisis", "emergency", "same_day", "see_doctor"]

#: Score from which a flag is raised, by the group of the likeliest flag.
THRESHOLDS: Mapping[Group, float] = {"crisis": -0.5, "emergency": -1.0, "same_day": -1.0, "see_doctor": -1.0}
#: Where the rules found a sign of a group this score is enough.
RULES_SUFFICE: Mapping[Group, float] = {**THRESHOLDS, "crisis": -3.0, "emergency": -2.0}
#: How much the doubt about which flag it is counts: times the log of the likeliest flag's probability. A
#: crisis gets nothing but support and helplines, so it must be one; everyday stories, of which nobody
#: learned, look a little like several flags.
NAME_DOUBT: Mapping[Group, float] = {"crisis": 2.0, "emergency": 1.0, "same_day": 1.0, "see_doctor": 1.0}
#: A message of more words is read in passages of so many too, half of each in the next. The encoder reads
#: 256 word pieces; in shorter messages passages only take signs out of what surrounds them.
LONGEST_WHOLE, PASSAGE = 150, 100
#: Probability, given that some flag is present, from which one is raised beside the likeliest, where what
#: is left of the log-odds after its own doubt (twice the log of that) is not below nothing.
FURTHER_FLAG, FURTHER_DOUBT = 0.3, 2.0
#: The most urgent level that, with the levels above it, is at least this likely is taken.
URGENCY_DOUBT = 0.3
#: Where the likeliest flag is by itself an emergency, this likelihood of one is enough; where it is by itself
#: to be seen soon, an emergency, which withholds the answer, must be this likely.
EMERGENCY_DOUBT, FROM_SOON = 0.1, 0.8
#: A very long message is read to its end by the rules; the learned part reads so many passages, from the end.
MOST_PASSAGES = 16


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


@dataclass(frozen=True)
class _Reading:
    """The message or one passage of it: what was learned says, the score, and the likeliest flag."""

    scores: Scores
    score: float
    flag: str
    group: Group


class WeighedDetector:
    """Finds the red flags of a message by rules and by what was learned."""

    def __init__(
        self,
        flags: Sequence[RedFlag],
        rules: RedFlagDetector,
        learned: LearnedDetector | None,
    ) -> None:
        self._flags = {flag.id: flag for flag in flags}
        self._rules = rules
        self._learned = learned

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
        passages = _passages(text)
        scores = self._learned.scores(
            [text, *(text[start:end] for start, end in passages)],
            [by_rules, *(_within(by_rules, start, end) for start, end in passages)],
        )
        readings = [self._reading(one) for one in scores]
        surest = max(readings, key=lambda one: one.score - thresholds[one.group])
        signs = [mention for mention in by_rules if mention.status == "present"]
        by_rule = {sign.id for sign in signs}
        reached = surest.score >= thresholds[surest.group]
        by_rule_alone = any(surest.score >= RULES_SUFFICE[_group(sign)] for sign in signs)
        flags = {flag: likely for flag, likely in surest.scores.flags.items() if flag in self._flags}
        chosen = [
            flag
            for flag, likely in flags.items()
            if (reached and (flag == surest.flag or self._is_further(likely, surest.scores)))
            or (flag in by_rule and (reached or by_rule_alone))
        ]
        chosen.sort(key=lambda flag: -flags[flag])
        over = [one for one in by_rules if one.status in ("denied", "past") and one.id not in chosen]
        mentions = self._mentions(chosen, by_rules, surest.scores, text)
        return Weighed((*mentions, *over), surest.score, surest.group)

    def _reading(self, scores: Scores) -> _Reading:
        flag = max((one for one in scores.flags if one in self._flags), key=lambda one: scores.flags[one])
        group = _group(self._flags[flag])
        score = scores.any_flag + NAME_DOUBT[group] * math.log(min(scores.flags[flag], 1.0))
        return _Reading(scores, score, flag, group)

    @staticmethod
    def _is_further(likely: float, scores: Scores) -> bool:
        return likely >= FURTHER_FLAG and scores.any_flag + FURTHER_DOUBT * math.log(likely) >= 0

    def _mentions(
        self, chosen: Sequence[str], by_rules: Sequence[RedFlagMention], whole: Scores, text: str
    ) -> list[RedFlagMention]:
        found = {mention.id: mention for mention in by_rules if mention.status == "present"}
        urgency = urgency_of(whole.urgencies, self._flags[chosen[0]].urgency if chosen else Urgency.NONE)
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


def _group(flag: RedFlag | RedFlagMention) -> Group:
    if flag.kind == "crisis":
        return "crisis"
    groups: dict[Urgency, Group] = {
        Urgency.EMERGENCY: "emergency",
        Urgency.SAME_DAY: "same_day",
        Urgency.SEE_DOCTOR: "see_doctor",
    }
    return groups[flag.urgency]


def _passages(text: str) -> list[tuple[int, int]]:
    """The start and end character of each passage of a long message; none of a shorter one."""
    words = [word.span() for word in re.finditer(r"\S+", text)]
    if len(words) <= LONGEST_WHOLE:
        return []
    # By words, for who dictates a page makes no full stop. The last one reaches back to be whole.
    starts = [*range(0, len(words) - PASSAGE, PASSAGE // 2), len(words) - PASSAGE]
    return [(words[start][0], words[start + PASSAGE - 1][1]) for start in starts[-MOST_PASSAGES:]]


def _within(mentions: Iterable[RedFlagMention], start: int, end: int) -> list[RedFlagMention]:
    """What the rules found in a part of the text; reading the part anew costs more and finds no more."""
    return [one for one in mentions if one.start_char < end and start < one.end_char]


def urgency_of(likely: Mapping[Urgency, float], of_flag: Urgency) -> Urgency:
    """How fast, by what was learned of the message and by the likeliest flag's own urgency."""
    if of_flag is Urgency.EMERGENCY and likely[Urgency.EMERGENCY] >= EMERGENCY_DOUBT:
        return Urgency.EMERGENCY
    needed = FROM_SOON if of_flag is Urgency.SEE_DOCTOR else URGENCY_DOUBT
    if likely[Urgency.EMERGENCY] >= needed:
        return Urgency.EMERGENCY
    if likely[Urgency.EMERGENCY] + likely[Urgency.SAME_DAY] >= URGENCY_DOUBT:
        return Urgency.SAME_DAY
    return Urgency.SEE_DOCTOR
