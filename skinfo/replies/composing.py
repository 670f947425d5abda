"""Putting a reply together, in the one order that every turn has.

Escalation first, then answers, then sources, and the disclaimer last. There is no other way to
make a `Reply`, so no turn can be without its disclaimer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from skinfo.facts import Fact, FactStore, SourceId, Urgency
from skinfo.language import FlagMention
from skinfo.red_flags import RedFlag, RedFlagRules
from skinfo.replies.model import (
    Answered,
    Block,
    CitedSource,
    Disclaimer,
    Escalation,
    Intent,
    Note,
    Paragraph,
    Phone,
    RaisedFlag,
    Reply,
    SignpostBlock,
    Sources,
    Suggestion,
    Support,
)
from skinfo.replies.rendering import plain_text
from skinfo.replies.wording import Helpline, Phrasebook

#: More than two escalations at once would bury the first.
MOST_ESCALATIONS = 2
MOST_SUGGESTIONS = 4
#: Organisations named in the line that says what an answer was checked against.
MOST_NAMED = 3
#: What the button "I have got help" sends.
GOT_HELP_PAYLOAD = "/got_help"
ASSAULT_FLAGS = frozenset({"sexual_assault", "child_genital"})


@dataclass
class Draft:
    """What an action wants to say, before escalations, sources and the disclaimer are added."""

    blocks: list[Block] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    source_ids: list[SourceId] = field(default_factory=list)
    signposts: list[SignpostBlock] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)


class Composer:
    """Turns drafts into replies."""

    def __init__(self, store: FactStore, red_flags: RedFlagRules, phrases: Phrasebook) -> None:
        self._store = store
        self._flags = {flag.id: flag for flag in red_flags.flags}
        self._phrases = phrases

    def compose(
        self,
        draft: Draft,
        *,
        flags: Sequence[FlagMention] = (),
        answered_before: Iterable[str] = (),
        country: str | None = None,
        intent: Intent | None = None,
        says: Mapping[str, str] | None = None,
        asks_back: Sequence[str] = (),
        unhelped: bool = False,
        past_crisis: bool = False,
    ) -> Reply:
        """The whole turn.

        Args:
            draft: what would be said without red flags.
            flags: red flags present in this message.
            answered_before: ids of red flags already escalated in this conversation.
            country: ISO 3166 two letters, when known.
            intent: what the classifier thought, for the machine-readable turn.
            says: for flags by id, the part of their advice that applies, once it is known.
            asks_back: questions whose answers change what is advised.
            unhelped: an emergency was escalated before, and nobody has said yet that help was got.
            past_crisis: the message tells of a crisis that is over.

        Returns:
            In a crisis only the support text and the disclaimer; in an emergency only the
            escalation and the disclaimer; otherwise escalation, answer, sources, disclaimer. What is
            asked back stands behind the support text or the escalation.
        """
        helpline = self._phrases.helpline(country)
        known = [flag for flag in flags if flag.id in self._flags]
        known.sort(key=lambda flag: -flag.urgency.rank)
        urgency = max((flag.urgency for flag in known), key=lambda value: value.rank, default=Urgency.NONE)
        if past_crisis:
            # Escalations go in front of it; in a crisis or an emergency it is dropped with the rest.
            draft.blocks.insert(0, Note(helpline.fill(self._phrases.wording.crisis.past)))
        crisis = next((flag for flag in known if self._flags[flag.id].kind == "crisis"), None)
        if crisis is not None:
            draft = Draft(blocks=[self._support(crisis, helpline), *map(Paragraph, asks_back)])
        elif urgency is Urgency.EMERGENCY:
            draft = Draft(
                blocks=[*self._escalations(known, urgency, helpline, says or {}), *map(Paragraph, asks_back)],
                suggestions=[self._got_help],
            )
        elif known:
            draft = Draft(
                blocks=[
                    *self._escalations(known, urgency, helpline, says or {}),
                    *map(Paragraph, asks_back),
                    *draft.blocks,
                ],
                answers=draft.answers,
                facts=draft.facts,
                source_ids=draft.source_ids,
                signposts=draft.signposts,
                suggestions=draft.suggestions,
            )
        else:
            remembered = [self._flags[id_] for id_ in answered_before if id_ in self._flags]
            # A crisis was given its support; the button and the emergency line are for other emergencies.
            if unhelped and not any(flag.kind == "crisis" for flag in remembered):
                wording = self._phrases.wording.help_not_yet
                draft.blocks.insert(0, self._reminder(remembered, helpline.fill(wording)))
                draft.suggestions.insert(0, self._got_help)
            elif remembered and draft.answers:
                draft.blocks.append(self._reminder(remembered, self._phrases.wording.remembered))
        sources = self._sources(draft)
        blocks = list(draft.blocks)
        if draft.facts:
            blocks.append(Note(self._provenance(draft.facts, sources)))
        if sources:
            blocks.append(Sources(sources))
        disclaimer = helpline.fill(self._phrases.wording.disclaimer)
        blocks.append(Disclaimer(disclaimer))
        return Reply(
            text=plain_text(blocks),
            blocks=tuple(blocks),
            disclaimer=disclaimer,
            answers=tuple(draft.answers),
            signposts=tuple(draft.signposts),
            red_flags=tuple(RaisedFlag(flag.id, flag.urgency) for flag in known),
            urgency=urgency,
            sources=sources,
            suggestions=tuple(draft.suggestions[:MOST_SUGGESTIONS]),
            intent=intent or Intent(),
        )

    def _escalations(
        self, flags: Sequence[FlagMention], urgency: Urgency, helpline: Helpline, says: Mapping[str, str]
    ) -> Iterable[Escalation]:
        shown = [flag for flag in flags if urgency is not Urgency.EMERGENCY or flag.urgency is urgency]
        for index, flag in enumerate(shown[:MOST_ESCALATIONS]):
            rule = self._flags[flag.id]
            wording = self._phrases.wording.urgency[flag.urgency]
            parts = [self._phrases.wording.mentioned.format(signs=rule.mentioned_as)]
            if index == 0:
                parts.append(wording.text)
            if rule.advice_status == "served":
                parts.append(says.get(flag.id, rule.advice))
            dial = helpline.dial if flag.urgency is Urgency.EMERGENCY and index == 0 else ()
            yield Escalation(
                urgency=flag.urgency,
                title=wording.title,
                text=helpline.fill("\n".join(parts)),
                phones=self._phones(dial),
            )

    def _support(self, flag: FlagMention, helpline: Helpline) -> Support:
        wording = self._phrases.wording.crisis
        assault = flag.id in ASSAULT_FLAGS
        dial = helpline.assault_dial if assault else helpline.crisis_dial
        return Support(
            title=wording.title,
            text=helpline.fill(wording.assault if assault else wording.self_harm),
            phones=self._phones((*dial, *helpline.dial)),
        )

    @property
    def _got_help(self) -> Suggestion:
        return Suggestion(self._phrases.wording.got_help_button, GOT_HELP_PAYLOAD)

    def _phones(self, numbers: Iterable[str]) -> tuple[Phone, ...]:
        return tuple(
            Phone(self._phrases.wording.call.format(number=number), number)
            for number in dict.fromkeys(numbers)
        )

    @staticmethod
    def _reminder(flags: Sequence[RedFlag], wording: str) -> Note:
        return Note(wording.format(signs="; ".join(flag.mentioned_as for flag in flags)))

    def _sources(self, draft: Draft) -> tuple[CitedSource, ...]:
        checked: dict[SourceId, str] = {}
        for fact in draft.facts:
            for source in fact.sources:
                checked.setdefault(source, fact.checked.isoformat())
        for source in draft.source_ids:
            checked.setdefault(source, "")
        return tuple(
            CitedSource(
                id=source.id,
                title=source.title,
                organisation=source.organisation,
                url=str(source.url) if source.url else None,
                checked=checked[source.id] or None,
            )
            for source in self._store.sources_of(checked)
        )

    def _provenance(self, facts: Sequence[Fact], sources: Sequence[CitedSource]) -> str:
        wording = self._phrases.wording
        oldest = min(fact.checked for fact in facts)
        names = list(dict.fromkeys(source.organisation for source in sources))
        organisations = ", ".join(names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            organisations += f" and {len(names) - MOST_NAMED} more"
        text = wording.checked.format(date=f"{oldest.day} {oldest:%B %Y}", organisations=organisations)
        reviewed = all(fact.review is not None for fact in facts)
        return text if reviewed else f"{text} {wording.not_reviewed}"
