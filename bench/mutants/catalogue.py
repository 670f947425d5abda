"""The mutants: each is one way to break the bot, small enough to slip through a review."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.mutants.content import Edit, dropped, in_entry, new_text, replaced, swapped_texts
from skinfo.suites.in_process import InProcessTarget

Break = Callable[[InProcessTarget], None]
CATALOGUE: list[Mutant] = []


@dataclass(frozen=True)
class Mutant:
    """One way to break the bot.

    Attributes:
        name: what is broken, in words.
        edit: what is done to a copy of ``facts/``.
        patch: what is done to the loaded bot and the modules it uses.
    """

    name: str
    edit: Edit | None = None
    patch: Break | None = None


def _content(name: str, edit: Edit) -> None:
    CATALOGUE.append(Mutant(name, edit=edit))


def mutant(name: str) -> Callable[[Break], Break]:
    """Puts a patch into the catalogue."""

    def put(patch: Break) -> Break:
        CATALOGUE.append(Mutant(name, patch=patch))
        return patch

    return put


MILIA, ACNE = "conditions/milia.yml", "conditions/acne.yml"
EMERGENCY, SAME_DAY = "red_flags/emergency.yml", "red_flags/same_day.yml"
SEE_DOCTOR, CRISIS = "red_flags/see_doctor.yml", "red_flags/crisis.yml"

# ── What the bot knows ──────────────────────────────────────────────────────────────────────────
_content(
    "swap two facts of milia: popping and home care", swapped_texts(MILIA, "milia.popping", "milia.home_care")
)
_content(
    "swap two facts of milia: causes and duration", swapped_texts(MILIA, "milia.causes", "milia.duration")
)
_content(
    "swap two facts of acne: causes and prevention", swapped_texts(ACNE, "acne.causes", "acne.prevention")
)
_content(
    "a fact allows popping", new_text(MILIA, "milia.popping", "Milia can be popped with a clean needle.")
)
_content("a fact gives a dose", new_text(ACNE, "acne.treatment", "Take 100 mg of doxycycline once a day."))
_content(
    "a fact reassures without having seen anything",
    new_text(MILIA, "milia.see_doctor", "Milia are nothing to worry about, so no doctor is needed."),
)
_content(
    "a fact drops its warning on pregnancy",
    in_entry(MILIA, "milia.products", r"Do not use\s+adapalene[\s\S]*?trying to be\.", ""),
)
_content(
    "a served fact goes back to draft", in_entry(MILIA, "milia.popping", "status: served", "status: draft")
)
_content("a fact is gone", dropped("any_bump.yml", "any_bump.popping"))
_content("the fact on eyelids is gone", in_entry(MILIA, "milia.eyelids", "status: served", "status: draft"))
_content("the fact on pregnancy is gone", dropped(ACNE, "acne.pregnancy"))
_content(
    "a kind of milia is answered with the general fact",
    in_entry(MILIA, "milia.traumatic.definition", "status: served", "status: draft"),
)
_content("a comparison is gone", dropped(MILIA, "milia.compare.cold_sores"))
_content(
    "a cell of the comparison is another's",
    replaced(MILIA, "Trapped keratin, a tough protein; no germ", "Blocked pores"),
)
_content(
    "a source is swapped for another",
    in_entry(MILIA, "milia.definition", r"sources: \[.*?\]", "sources: [mayo_acne]"),
)
_content("a popular claim is no longer corrected", dropped("popular_claims.yml", "S16"))
_content("a page to point to is gone", dropped("signposts.yml", "psoriasis"))
_content("a misspelling is no longer known", replaced("conditions/cold_sores.yml", "  - cold score\n", ""))
_content(
    "a name is no longer known",
    replaced("conditions/keratosis_pilaris.yml", "chicken skin", "hen skin", every=True),
)
_content(
    "herpes alone means one of its two kinds",
    replaced("shared_names.yml", "conditions: [cold_sores, genital_herpes]", "conditions: [cold_sores]"),
)
_content(
    "bumps that are described are no longer known",
    dropped("descriptions.yml", "white_bumps_that_will_not_pop"),
)

# ── What it says ────────────────────────────────────────────────────────────────────────────────
_content(
    "the disclaimer does not say that it is no doctor",
    replaced("wording.yml", "I am an information service, not a doctor, and I cannot", "I cannot"),
)
_content(
    "it says what somebody has",
    replaced(
        "wording.yml",
        "I cannot tell whether it is {names}: nobody can",
        "It is probably {names}, but nobody can",
    ),
)
_content(
    "it does not say that no clinician has reviewed",
    replaced("wording.yml", "not_reviewed: Not yet reviewed by a clinician.", "not_reviewed: Reviewed."),
)
_content(
    "out of scope promises help",
    replaced("wording.yml", "so I cannot help with that", "but I will try to help with that"),
)
_content(
    "the crisis text names nobody to call",
    replaced("wording.yml", "You deserve support now: {crisis}.", "You deserve support."),
)
_content(
    "the emergency text does not say to call",
    replaced("wording.yml", "Please call {emergency} now, or go", "Please go"),
)
_content(
    "a helpline has a wrong number",
    replaced("helplines.yml", "crisis: call or text 988 (", "crisis: call or text 989 ("),
)
_content(
    "two countries' emergency numbers are swapped",
    replaced("helplines.yml", 'dial: ["999"]', 'dial: ["911"]'),
)
_content(
    "111 is named to everybody",
    replaced(
        "helplines.yml", "urgent_line: Contact your local doctor, clinic or", "urgent_line: Call 111 or your"
    ),
)
_content(
    "no country means Britain",
    replaced(
        "helplines.yml",
        "your local emergency number (112, 911, 999 or 000, depending on where you are)",
        "999",
    ),
)
_content("a country is gone", replaced("helplines.yml", "- country: IE\n", "- country: XX\n"))

# ── Red flags ───────────────────────────────────────────────────────────────────────────────────
_content("lose a red flag: a closing throat", dropped(EMERGENCY, "anaphylaxis"))
_content("lose a red flag: a rash that does not fade", dropped(EMERGENCY, "meningitis"))
_content("lose a red flag: something harmful in the eye", dropped(EMERGENCY, "chemical_eye"))
_content("lose a red flag: signs of infection", dropped(SAME_DAY, "infection_signs"))
_content("lose a red flag: a bite", dropped(SAME_DAY, "bite"))
_content("lose a red flag: a changing mole", dropped(SEE_DOCTOR, "changing_mole"))
_content("lose a red flag: thoughts of suicide", dropped(CRISIS, "suicide_selfharm"))
_content("lose a red flag: an assault", dropped(CRISIS, "sexual_assault"))
_content(
    "a crisis is treated as any red flag",
    in_entry(CRISIS, "suicide_selfharm", "kind: crisis", "kind: medical"),
)
_content(
    "advice is withheld", in_entry(EMERGENCY, "anaphylaxis", "advice_status: served", "advice_status: draft")
)
_content(
    "advice is another flag's",
    in_entry(EMERGENCY, "chemical_eye", r"advice: >-\n(?:    .*\n)+", "advice: Keep it clean and dry.\n"),
)


@mutant("ignore negation: a denied sign counts as present")
def _(target: InProcessTarget) -> None:
    from skinfo.language.pipeline import WeighedDetector
    from skinfo.red_flags import RedFlagMention

    detect = WeighedDetector.detect

    def all_present(self: WeighedDetector, doc: Any) -> tuple[RedFlagMention, ...]:
        return tuple(replace(mention, status="present") for mention in detect(self, doc))

    _set(WeighedDetector, "detect", all_present)


@mutant("what was learned of red flags is not used")
def _(target: InProcessTarget) -> None:
    from skinfo.language.pipeline import shared_detector

    _set(shared_detector(), "_learned", None)


@mutant("red flags are raised far too easily")
def _(target: InProcessTarget) -> None:
    import skinfo.red_flags.weighing as weighing

    low = dict.fromkeys(weighing.THRESHOLDS, -6.0)
    weigh = weighing.WeighedDetector.weigh
    _set(weighing.WeighedDetector, "weigh", lambda self, text: weigh(self, text, low))


@mutant("an emergency is one for the same day")
def _(target: InProcessTarget) -> None:
    _change_flags(lambda flag: replace(flag, urgency=_urgency(flag.urgency, emergency="same_day")))


@mutant("what is for the same day can wait")
def _(target: InProcessTarget) -> None:
    _change_flags(lambda flag: replace(flag, urgency=_urgency(flag.urgency, same_day="see_doctor")))


@mutant("only the first red flag of a message is kept")
def _(target: InProcessTarget) -> None:
    _change_reading(lambda reading: replace(reading, red_flags=reading.red_flags[-1:]))


@mutant("the escalation comes after the answer")
def _(target: InProcessTarget) -> None:
    def last(blocks: list[Any]) -> list[Any]:
        return sorted(blocks, key=lambda block: (block.type == "disclaimer", block.type == "escalation"))

    _change_blocks(last)


@mutant("in a crisis the question is answered as well")
def _(target: InProcessTarget) -> None:
    from skinfo.replies.composing import Composer, Draft

    compose = Composer.compose

    def answering(self: Composer, draft: Draft, **values: Any) -> Any:
        reply = compose(self, draft, **values)
        if any(block.type == "support" for block in reply.blocks):
            plain = compose(self, draft, **{**values, "flags": ()})
            return replace(
                reply,
                blocks=(*reply.blocks[:-1], *plain.blocks),
                text=_rendered((*reply.blocks[:-1], *plain.blocks)),
            )
        return reply

    _set(Composer, "compose", answering)


@mutant("in an emergency the question is answered first")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import Urgency
    from skinfo.replies import composing

    compose = composing.Composer.compose

    def answering(self: Any, draft: Any, **values: Any) -> Any:
        reply = compose(self, draft, **values)
        if reply.urgency is Urgency.EMERGENCY and draft.blocks:
            blocks = (*draft.blocks, *reply.blocks)
            return replace(reply, blocks=blocks, text=_rendered(blocks))
        return reply

    _set(composing.Composer, "compose", answering)


@mutant("serve a draft: advice that no source backs")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Responder

    composer = Responder.shared()._composer
    served = {id_: flag.copy(update={"advice_status": "served"}) for id_, flag in composer._flags.items()}
    _set(composer, "_flags", served)


@mutant("no number can be tapped")
def _(target: InProcessTarget) -> None:
    from skinfo.replies.composing import Composer

    _set(Composer, "_phones", lambda self, numbers: ())


@mutant("a red flag is forgotten by the next turn")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Memory

    _set(Memory, "after_flags", lambda self, reading: replace(self, red_flags=()))


@mutant("a red flag that is taken back is still remembered")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Memory

    after = Memory.after_flags
    _set(Memory, "after_flags", lambda self, reading: after(self, replace(reading, denied_flags=())))


# ── Memory and sessions ─────────────────────────────────────────────────────────────────────────
@mutant("forget the condition")
def _(target: InProcessTarget) -> None:
    _change_slots(lambda slots: {**slots, "conditions": []})


@mutant("forget what was asked")
def _(target: InProcessTarget) -> None:
    _change_slots(lambda slots: {**slots, "topics": []})


@mutant("forget the place and the stage of life")
def _(target: InProcessTarget) -> None:
    _change_slots(lambda slots: {**slots, "contexts": []})


@mutant("forget the country")
def _(target: InProcessTarget) -> None:
    _change_slots(lambda slots: {**slots, "country": None})


@mutant("forget the offer")
def _(target: InProcessTarget) -> None:
    _change_slots(lambda slots: {**slots, "offer": None})


@mutant("the first condition sticks")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Memory

    after = Memory.after_reading

    def stuck(self: Memory, reading: Any) -> Memory:
        return (
            replace(after(self, reading), conditions=self.conditions)
            if self.conditions
            else after(self, reading)
        )

    _set(Memory, "after_reading", stuck)


@mutant("a place sticks when the talk turns to something else")
def _(target: InProcessTarget) -> None:
    import skinfo.conversation.memory as memory
    from skinfo.facts import Context

    _set(memory, "_PERSONAL", tuple(Context))


@mutant("cross two sessions")
def _(target: InProcessTarget) -> None:
    say = target.bot.say
    _set(
        target.bot,
        "say",
        lambda text, sender, country=None, **values: say(text, "default", country, **values),
    )


@mutant("the country of the last person is the next one's")
def _(target: InProcessTarget) -> None:
    say = target.bot.say
    last: dict[str, Any] = {}

    async def crossed(text: str, sender: str, country: str | None = None, **values: Any) -> Any:
        metadata = dict(values.pop("metadata", None) or {})
        metadata.setdefault("country", last.get("country"))
        last.update({key: value for key, value in metadata.items() if value})
        return await say(text, sender, country, metadata=metadata, **values)

    _set(target.bot, "say", crossed)


@mutant("the country is not read")
def _(target: InProcessTarget) -> None:
    import actions.reply_action as reply_action

    _set(reply_action, "_metadata", lambda tracker: {})


# ── The guard ───────────────────────────────────────────────────────────────────────────────────
@mutant("silence when an action fails")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa.guard import Guard
    from skinfo.replies import Paragraph

    apology = Guard.apology

    def silent(self: Guard, message: Any) -> Any:
        reply = apology(self, message)
        blocks = tuple(block for block in reply.blocks if not isinstance(block, Paragraph))
        return replace(reply, blocks=blocks, text=_rendered(blocks))

    _set(Guard, "apology", silent)


@mutant("the apology does not look at red flags")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Responder
    from skinfo.language import Reading

    apology = Responder.apology
    _set(Responder, "apology", lambda self, reading, country=None: apology(self, Reading(), country))


@mutant("the apology does not know the country")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Responder

    apology = Responder.apology
    _set(Responder, "apology", lambda self, reading, country=None: apology(self, reading))


@mutant("half a reply is let through")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa.guard import TurnCollector

    send = TurnCollector.send_response

    async def any_reply(self: TurnCollector, recipient_id: str, message: dict[str, Any]) -> None:
        await send(self, recipient_id, message)
        if self.turn is None and message.get("text"):
            empty = {"answers": [], "red_flags": [], "sources": [], "suggestions": [], "blocks": []}
            intent = {"name": None, "confidence": 0.0}
            self.turn = {
                "text": message["text"],
                "intent": intent,
                "urgency": "none",
                "disclaimer": "",
                **empty,
            }

    _set(TurnCollector, "send_response", any_reply)


@mutant("free text passes as a payload")
def _(target: InProcessTarget) -> None:
    import skinfo.rasa.bot as bot

    _set(bot, "plain_words_only", lambda text: text)


@mutant("what people write is logged when a turn fails")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa.guard import Guard

    apology = Guard.apology

    def telling(self: Guard, message: Any) -> Any:
        logging.getLogger("skinfo.rasa.guard").error("No reply to %r", message.text)
        return apology(self, message)

    _set(Guard, "apology", telling)


@mutant("what people write is logged on every turn")
def _(target: InProcessTarget) -> None:
    import actions.reply_action as reply_action

    read = reply_action.read_turn

    def telling(tracker: Any) -> Any:
        logging.getLogger("actions").warning("Said: %s", tracker.latest_message.get("text"))
        return read(tracker)

    _set(reply_action, "read_turn", telling)


# ── The reply and its rendering ─────────────────────────────────────────────────────────────────
@mutant("remove the disclaimer")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa import guard

    # The guard's own check goes with it: otherwise everything would become an apology.
    _change_blocks(lambda blocks: [block for block in blocks if block.type != "disclaimer"])
    _set(guard, "is_complete_turn", lambda turn: True)


@mutant("the disclaimer comes first")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa import guard

    _change_blocks(lambda blocks: [blocks[-1], *blocks[:-1]])
    _set(guard, "is_complete_turn", lambda turn: True)


@mutant("small talk goes without the disclaimer")
def _(target: InProcessTarget) -> None:
    from skinfo.rasa import guard

    def without(blocks: list[Any]) -> list[Any]:
        small = len(blocks) == 2 and blocks[0].type == "paragraph"
        return blocks[:1] if small else blocks

    _change_blocks(without)
    _set(guard, "is_complete_turn", lambda turn: True)


@mutant("the sources are not shown")
def _(target: InProcessTarget) -> None:
    from skinfo.replies.composing import Composer

    _set(Composer, "_sources", lambda self, draft: ())


@mutant("sources that nobody read are cited")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import FactStore

    def all_of(self: FactStore, ids: Any) -> Any:
        return tuple(self.sources[source] for source in dict.fromkeys(ids))

    _set(FactStore, "sources_of", all_of)


@mutant("when and against what a fact was checked is not said")
def _(target: InProcessTarget) -> None:
    _change_blocks(
        lambda blocks: [b for b in blocks if not (b.type == "note" and b.text.startswith("Checked on"))]
    )


@mutant("popular claims are not corrected")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import FactStore

    _set(FactStore, "claims_on", lambda self, facts: ())


@mutant("headings are lost in plain text")
def _(target: InProcessTarget) -> None:
    _change_block_text(lambda block, text: "" if block.type == "heading" else text)


@mutant("break a channel's rendering: a table is lost")
def _(target: InProcessTarget) -> None:
    _change_block_text(lambda block, text: block.caption if block.type == "table" else text)


@mutant("break a channel's rendering: the table's columns are mixed up")
def _(target: InProcessTarget) -> None:
    from skinfo.replies import Row, Table, rendering

    table_text = rendering._table_text

    def mixed(table: Table) -> str:
        rows = tuple(Row(row.header, tuple(reversed(row.cells))) for row in table.rows)
        return table_text(replace(table, rows=rows))

    _set(rendering, "_table_text", mixed)


@mutant("break a channel's rendering: addresses of sources are lost")
def _(target: InProcessTarget) -> None:
    _change_block_text(
        lambda block, text: (
            " ".join(w for w in text.split(" ") if not w.startswith("http"))
            if block.type == "sources"
            else text
        )
    )


@mutant("break a channel's rendering: an escalation has no sign")
def _(target: InProcessTarget) -> None:
    from skinfo.replies import rendering

    _set(rendering, "_SIGN", {})


@mutant("break a channel's rendering: a long reply is cut off")
def _(target: InProcessTarget) -> None:
    import skinfo.suites.in_process as in_process

    _set(in_process, "messages_for_platform", lambda text, disclaimer, limit: [text[:limit]])


@mutant("break a channel's rendering: the disclaimer stands alone")
def _(target: InProcessTarget) -> None:
    import skinfo.suites.in_process as in_process

    def alone(text: str, disclaimer: str, limit: int) -> list[str]:
        return [text.removesuffix(disclaimer).rstrip()[:limit], disclaimer]

    _set(in_process, "messages_for_platform", alone)


@mutant("buttons send another topic")
def _(target: InProcessTarget) -> None:
    import skinfo.conversation.answering as answering
    from skinfo.facts import Topic

    payload = answering.payload
    _set(
        answering,
        "payload",
        lambda topic, conditions=(), contexts=(): payload(Topic.DEFINITION, conditions, contexts),
    )


@mutant("buttons forget the condition")
def _(target: InProcessTarget) -> None:
    import skinfo.conversation.answering as answering

    payload = answering.payload
    _set(answering, "payload", lambda topic, conditions=(), contexts=(): payload(topic))


@mutant("nothing is offered")
def _(target: InProcessTarget) -> None:
    import skinfo.replies.composing as composing

    _set(composing, "MOST_SUGGESTIONS", 0)


@mutant("what was just answered is offered again")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.answering import Answerer

    offer = Answerer._next
    _set(Answerer, "_next", lambda self, condition, asked, memory: offer(self, condition, (), memory))


# ── Answering ───────────────────────────────────────────────────────────────────────────────────
@mutant("the place that is named does not change the answer")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import FactStore

    answer = FactStore.answer
    _set(
        FactStore,
        "answer",
        lambda self, condition, topic, *, contexts=(), subtype=None: answer(
            self, condition, topic, subtype=subtype
        ),
    )


@mutant("the kind of milia that is named does not change the answer")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import FactStore

    answer = FactStore.answer
    _set(
        FactStore,
        "answer",
        lambda self, condition, topic, *, contexts=(), subtype=None: answer(
            self, condition, topic, contexts=contexts
        ),
    )


@mutant("only the first question of a message is answered")
def _(target: InProcessTarget) -> None:
    import skinfo.conversation.answering as answering

    _set(answering, "MOST_QUESTIONS", 1)


@mutant("each question is answered about everything named")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.answering import Answerer

    questions = Answerer._questions
    _set(
        Answerer,
        "_questions",
        lambda self, turn: tuple(replace(question, conditions=()) for question in questions(self, turn)),
    )


@mutant("a comparison leaves out what sets two conditions apart")
def _(target: InProcessTarget) -> None:
    from skinfo.facts import FactStore

    _set(FactStore, "difference", lambda self, one, other: ())


@mutant("a comparison does not know what was talked about")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.answering import Answerer

    _set(Answerer, "_sides", lambda self, turn, known: list(self._default_four))


@mutant("asked what it is, the bot does not say that it cannot tell")
def _(target: InProcessTarget) -> None:
    _change_blocks(
        lambda blocks: [
            b for b in blocks if not (b.type == "paragraph" and b.text.startswith("I cannot tell"))
        ]
    )


@mutant("with no condition named the first of the store is meant")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation import Memory

    after = Memory.after_reading

    def guessing(self: Memory, reading: Any) -> Memory:
        memory = after(self, reading)
        return memory if memory.conditions or memory.described else replace(memory, conditions=("milia",))

    _set(Memory, "after_reading", guessing)


@mutant("the bot does not ask which one is meant")
def _(target: InProcessTarget) -> None:
    _change_blocks(lambda blocks: [b for b in blocks if getattr(b, "text", "") != "Which one do you mean?"])


@mutant("pages about other conditions are not pointed to")
def _(target: InProcessTarget) -> None:
    _change_reading(lambda reading: replace(reading, signposts=()))


@mutant("bumps that are described count for nothing")
def _(target: InProcessTarget) -> None:
    _change_reading(lambda reading: replace(reading, kinds=()))


@mutant("what about X asks what X is")
def _(target: InProcessTarget) -> None:
    _change_reading(lambda reading: replace(reading, follow_up=False))


@mutant("yes does not take up the offer")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.small_talk import SmallTalker

    affirm = SmallTalker.affirm
    _set(
        SmallTalker,
        "affirm",
        lambda self, turn: affirm(self, replace(turn, memory=replace(turn.memory, offer=None))),
    )


@mutant("a correction is not taken")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.small_talk import SmallTalker

    _set(SmallTalker, "deny", lambda self, turn: self._with_choices(self._phrases.wording.deny, turn))
    _change_reading(lambda reading: replace(reading, follow_up=False))


@mutant("asked for its sources, the bot names none")
def _(target: InProcessTarget) -> None:
    from skinfo.conversation.small_talk import SmallTalker

    sources = SmallTalker.sources

    def none_named(self: SmallTalker, turn: Any) -> Any:
        return sources(self, replace(turn, memory=replace(turn.memory, conditions=(), topics=())))

    _set(SmallTalker, "sources", none_named)


@mutant("what is out of scope is answered")
def _(target: InProcessTarget) -> None:
    import skinfo.conversation.small_talk as small_talk

    def answered(self: small_talk.SmallTalker, turn: Any) -> Any:
        reading = replace(turn.reading, conditions=("milia",))
        return self._answerer.answer(replace(turn, reading=reading))

    _set(small_talk.SmallTalker, "decline", answered)


# ── Understanding and rules, without training anew ──────────────────────────────────────────────
@mutant("drop a rule: thanks")
def _(target: InProcessTarget) -> None:
    rules = _rules(target)
    for key in [key for key in rules if '"intent": "thanks"' in key]:
        del rules[key]


@mutant("drop a rule: popping")
def _(target: InProcessTarget) -> None:
    rules = _rules(target)
    for key in [key for key in rules if '"intent": "ask_popping"' in key]:
        del rules[key]


@mutant("swap two rules: greeting and goodbye")
def _(target: InProcessTarget) -> None:
    _redirect(target, {"action_greet": "action_say_goodbye", "action_say_goodbye": "action_greet"})


@mutant("swap two rules: what I am and what I can do")
def _(target: InProcessTarget) -> None:
    _redirect(
        target,
        {
            "action_say_what_i_am": "action_say_what_i_can_do",
            "action_say_what_i_can_do": "action_say_what_i_am",
        },
    )


@mutant("swap two intents: popping and treatment")
def _(target: InProcessTarget) -> None:
    classifier = _component(target, "BalancedIntentClassifier")
    swap = {"ask_popping": "ask_treatment", "ask_treatment": "ask_popping"}
    _set(classifier, "_labels", [swap.get(label, label) for label in classifier._labels])


@mutant("a message is not taken apart into clauses")
def _(target: InProcessTarget) -> None:
    import skinfo.rasa.components.clause_splitter as splitter

    _set(splitter, "split_clauses", lambda text: [(0, len(text))])


@mutant("a clause that asks two things is not parted")
def _(target: InProcessTarget) -> None:
    import skinfo.rasa.components.clause_splitter as splitter

    _set(splitter, "split_pieces", lambda clause: [])


@mutant("nothing is out of scope")
def _(target: InProcessTarget) -> None:
    scope = _component(target, "ScopeClassifier")
    _set(scope, "_config", {**scope._config, "threshold": 1.1, "clause_threshold": 1.1})


@mutant("the bot is never sure enough")
def _(target: InProcessTarget) -> None:
    fallback = _component(target, "FallbackClassifier")
    _set(fallback, "component_config", {**fallback.component_config, "threshold": 0.999})


@mutant("typing errors in names are not forgiven")
def _(target: InProcessTarget) -> None:
    from skinfo.language.pipeline import shared_names

    things = shared_names()._words.things
    # By the whole name and, since names are matched word by word, by each of its words.
    _set(things, "_slippery", {})
    _set(things, "_alike", {})
    _set(things, "_slips_of", lambda word: [])


def _set(owner: Any, name: str, value: Any) -> None:
    """Replace something that is there; a mutant of what has moved away must not survive unseen."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner!r} has no {name} to break")
    setattr(owner, name, value)


def _rendered(blocks: Any) -> str:
    from skinfo.replies import plain_text

    return plain_text(blocks)


def _change_blocks(change: Callable[[list[Any]], list[Any]]) -> None:
    from skinfo.replies.composing import Composer

    compose = Composer.compose

    def changed(self: Composer, draft: Any, **values: Any) -> Any:
        reply = compose(self, draft, **values)
        blocks = tuple(change(list(reply.blocks)))
        return replace(reply, blocks=blocks, text=_rendered(blocks))

    _set(Composer, "compose", changed)


def _change_block_text(change: Callable[[Any, str], str]) -> None:
    from skinfo.replies import rendering

    block_text = rendering._block_text
    _set(rendering, "_block_text", lambda block: change(block, block_text(block)))


def _change_slots(change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """What a turn remembers of the ones before it."""
    from skinfo.conversation import Memory

    from_slots = Memory.from_slots
    _set(Memory, "from_slots", classmethod(lambda cls, slots: from_slots(change(dict(slots)))))


def _change_reading(change: Callable[[Any], Any]) -> None:
    """What is read in a message."""
    from skinfo.language import Reading

    from_dict = Reading.from_dict
    _set(Reading, "from_dict", classmethod(lambda cls, values: change(from_dict(values))))


def _change_flags(change: Callable[[Any], Any]) -> None:
    _change_reading(lambda reading: replace(reading, red_flags=tuple(map(change, reading.red_flags))))


def _urgency(urgency: Any, **becomes: str) -> Any:
    return type(urgency)(becomes.get(urgency.value, urgency.value))


def _component(target: InProcessTarget, kind: str) -> Any:
    nodes = target.bot._agent.processor.graph_runner._instantiated_nodes
    return next(node._component for node in nodes.values() if type(node._component).__name__ == kind)


def _rules(target: InProcessTarget) -> dict[str, Any]:
    rules: dict[str, Any] = _component(target, "RulePolicy").lookup["rules"]
    return rules


def _redirect(target: InProcessTarget, becomes: Mapping[str, str]) -> None:
    rules = _rules(target)
    for key, action in list(rules.items()):
        new = key
        for old in becomes:
            new = new.replace(f'"{old}"', f'"\0{becomes[old]}"')
        del rules[key]
        rules[new.replace("\0", "")] = becomes.get(action, action)
