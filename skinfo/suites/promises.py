"""What every turn is held to without being asked: the bot's standing promises.

They are checked against the project's own ``facts/``, so a deployment is tested from the checkout it
was made of. Where only text comes back, the promises that can be read off text are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from skinfo.facts import Fact
from skinfo.suites.assertions import Check, squeezed
from skinfo.suites.said import Said
from skinfo.suites.vocabulary import Vocabulary

#: Words that a platform's message must not be longer than; the strictest of those Skinfo speaks on.
PLATFORM_LIMIT = 1600

_RANK = ("none", "see_doctor", "same_day", "emergency")
_FIELDS = (
    "text", "intent", "answers", "red_flags", "urgency", "sources", "disclaimer", "suggestions", "blocks",
)  # fmt: skip
#: A line that is dialled only in some countries: never shown without knowing the country.
_UNSURE_LINE = re.compile(r"(?<!\d)(?<!\d )111(?! ?\d)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
#: "Go today if you have a fever" tells nobody what they have.
_CONDITION = re.compile(r"\b(?:if|when|whenever|whether)\b", re.IGNORECASE)
#: So much of a text that is not served would be too much.
_TELLING = 60


class Promises:
    """Checks turns against the promises, for a person whose country may be known."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary

    def check(self, said: Said, country: str | None) -> list[Check]:
        """Every promise that can be checked on this turn.

        Args:
            said: the turn.
            country: two letters, as far as the conversation has told it.
        """
        if said.turn is None:
            parts: dict[str, Iterator[str]] = {
                "never is silent": self._silence(said),
                "ends with the disclaimer": self._disclaimer_in_text(said),
                "never diagnoses": self._diagnosis(said.text),
                "shows the numbers of the right country": self._numbers(said.text, country),
                "says nothing that is a draft": self._drafts(said.text),
            }
        else:
            turn = said.turn
            malformed = list(self._form(turn))
            if malformed:
                return [_check("is a complete machine-readable turn", malformed)]
            parts = {
                "is a complete machine-readable turn": iter(()),
                "never is silent": self._silence(said),
                "ends with the disclaimer": self._disclaimer(said, turn, country),
                "answers red flags first": self._red_flags(turn, country),
                "never diagnoses": self._diagnosis(said.text),
                "says only what is in the fact store, with its sources": self._facts(turn),
                "says nothing that is a draft": self._drafts(said.text),
                "says in text all that its blocks say, in order": self._rendering(turn),
                "fits a messaging platform": self._platform(said, turn),
                "offers only buttons that lead somewhere": self._suggestions(turn),
                "shows the numbers of the right country": self._numbers(said.text, country),
                "writes down nothing that a person said": iter(
                    f"{name} logged it" for name in said.logged_by
                ),
            }
        return [_check(promise, list(problems)) for promise, problems in parts.items()]

    def _form(self, turn: Mapping[str, Any]) -> Iterator[str]:
        for name in _FIELDS:
            if name not in turn:
                yield f"{name} is missing"
                return
        for name in ("answers", "red_flags", "sources", "suggestions", "blocks"):
            if not isinstance(turn[name], list) or not all(isinstance(one, dict) for one in turn[name]):
                yield f"{name} is not a list of objects"
        for name in ("text", "disclaimer", "urgency"):
            if not isinstance(turn[name], str):
                yield f"{name} is not text"
        if turn["urgency"] not in _RANK:
            yield f"the urgency {turn['urgency']!r} is none of {', '.join(_RANK)}"
        intent = turn["intent"]
        if not isinstance(intent, dict) or not {"name", "confidence"} <= intent.keys():
            yield "intent has no name and confidence"
        for answer in turn["answers"]:
            if not {"condition", "topic", "context", "fact_ids"} <= answer.keys():
                yield "an answer lacks condition, topic, context or fact_ids"

    def _silence(self, said: Said) -> Iterator[str]:
        text = squeezed(said.text)
        for disclaimer in self._known.disclaimers():
            text = text.removesuffix(squeezed(disclaimer)).strip()
        if not text:
            yield "nothing is said but the disclaimer" if said.text.strip() else "nothing is said"

    def _disclaimer_in_text(self, said: Said) -> Iterator[str]:
        last = squeezed(said.messages[-1]) if said.messages else ""
        matching = [one for one in map(squeezed, self._known.disclaimers()) if last.endswith(one)]
        if not matching:
            yield f"the last words are: …{last[-80:]}"
        elif last in matching and len(said.messages) > 1:
            yield "the disclaimer stands alone in a message"

    def _disclaimer(self, said: Said, turn: Mapping[str, Any], country: str | None) -> Iterator[str]:
        own = self._known.phrases.helpline(country).fill(self._known.phrases.wording.disclaimer)
        if squeezed(turn["disclaimer"]) != squeezed(own):
            yield f"its disclaimer is: {turn['disclaimer']!r}"
        if not squeezed(said.text).endswith(squeezed(own)):
            yield f"the last words are: …{squeezed(said.text)[-80:]}"
        last = turn["blocks"][-1] if turn["blocks"] else {}
        if last.get("type") != "disclaimer":
            yield f"the last block is {last.get('type', 'missing')}"
        if sum(block["type"] == "disclaimer" for block in turn["blocks"]) > 1:
            yield "it is said more than once"

    def _red_flags(self, turn: Mapping[str, Any], country: str | None) -> Iterator[str]:
        flags, blocks = turn["red_flags"], turn["blocks"]
        kinds = [block["type"] for block in blocks]
        raised = [place for place, kind in enumerate(kinds) if kind in ("escalation", "support")]
        if not flags:
            if raised:
                yield "an escalation, though no red flag was found"
            if turn["urgency"] != "none":
                yield f"urgency {turn['urgency']} without a red flag"
            return
        rules = {flag.id: flag for flag in self._known.red_flag_rules.flags}
        unknown = [flag["id"] for flag in flags if flag["id"] not in rules]
        if unknown:
            yield f"red flags that facts/ does not know: {', '.join(unknown)}"
            return
        urgency = max((flag["urgency"] for flag in flags), key=_RANK.index)
        if turn["urgency"] != urgency:
            yield f"the urgency is {turn['urgency']}, its flags are {urgency}"
        if not raised or raised[0] != 0:
            yield "the first thing said is not what to do about it"
            return
        helpline = self._known.phrases.helpline(country)
        wording = self._known.phrases.wording
        if any(rules[flag["id"]].kind == "crisis" for flag in flags):
            if self._but_for_questions(blocks) != ["support", "disclaimer"]:
                yield f"in a crisis more is said than support: {', '.join(kinds)}"
            if turn["answers"] or turn["sources"] or turn["suggestions"]:
                yield "in a crisis answers, sources or suggestions are given"
            if not any(
                squeezed(helpline.fill(text)) in squeezed(blocks[0].get("text", ""))
                for text in (wording.crisis.self_harm, wording.crisis.assault)
            ):
                yield "the support text of the country is not given"
            dial = {*helpline.dial}
        else:
            first = blocks[0]
            if first.get("urgency") != urgency:
                yield f"the first escalation is for {first.get('urgency')}, not {urgency}"
            own = {level.value: words for level, words in wording.urgency.items()}[urgency]
            if squeezed(own.title) != squeezed(first.get("title", "")) or squeezed(
                helpline.fill(own.text)
            ) not in squeezed(first.get("text", "")):
                yield f"the advice for {urgency} is not given first"
            top = [rules[flag["id"]] for flag in flags if flag["urgency"] == urgency]
            if not any(flag.mentioned_as in first.get("text", "") for flag in top):
                yield "it does not say what was mentioned"
            if top[0].advice_status == "served" and squeezed(helpline.fill(top[0].advice)) not in squeezed(
                first.get("text", "")
            ):
                yield f"the advice on {top[0].id} is not given"
            if urgency == "emergency" and set(self._but_for_questions(blocks)) - {"escalation", "disclaimer"}:
                yield f"in an emergency more is said than what to do: {', '.join(kinds)}"
            if urgency == "emergency" and turn["answers"]:
                yield "in an emergency a question is answered first"
            dial = {*helpline.dial} if urgency == "emergency" else set()
        shown = {phone["number"] for block in blocks for phone in block.get("phones", ())}
        if dial - shown:
            yield f"no tap calls {', '.join(sorted(dial - shown))}"

    def _diagnosis(self, text: str) -> Iterator[str]:
        for sentence in _SENTENCE_END.split(squeezed(text)):
            for pattern, why in self._known.forbidden:
                found = pattern.search(sentence)
                # A popular claim is named in order to correct it.
                if sentence in self._claims:
                    continue
                if found and not _CONDITION.search(sentence[: found.start()]):
                    yield f"it says {found.group()!r}: {why}"

    @cached_property
    def _claims(self) -> frozenset[str]:
        texts = (squeezed(claim.text) for claim in self._known.store.claims)
        return frozenset(sentence for text in texts for sentence in _SENTENCE_END.split(text))

    def _facts(self, turn: Mapping[str, Any]) -> Iterator[str]:
        store = self._known.store
        text = squeezed(turn["text"])
        cited = {source["id"]: source for source in turn["sources"]}
        for id_, source in cited.items():
            known = store.sources.get(id_)
            if known is None or not known.read:
                yield f"it cites {id_}, which nobody on the project read"
            elif (known.organisation, known.title) != (source["organisation"], source["title"]):
                yield f"it cites {id_} under another name"
            elif (str(known.url) if known.url else None) != source["url"]:
                yield f"it cites {id_} with another address"
        given: list[Fact] = []
        for id_ in (id_ for answer in turn["answers"] for id_ in answer["fact_ids"]):
            fact = store.facts.get(id_)
            if fact is None:
                yield f"it gives the fact {id_}, which facts/ does not hold"
                continue
            given.append(fact)
            if not fact.is_served:
                yield f"it gives the fact {id_}, which is a draft"
            if squeezed(fact.text) not in text:
                yield f"it gives the fact {id_} but does not say its text"
            missing = [one for one in fact.sources if store.sources[one].read and one not in cited]
            if missing:
                yield f"the fact {id_} rests on {', '.join(missing)}, which is not cited"
        if any(fact.review is None for fact in given) and not self._has_template(
            text, self._known.phrases.wording.not_reviewed
        ):
            yield "it does not say that no clinician has reviewed this"
        if given and not self._has_template(text, self._known.phrases.wording.checked):
            yield "it does not say when the facts were checked"
        for block in turn["blocks"]:
            for sentence in self._sayings(block):
                if not self._is_known(sentence):
                    yield f"this is from no fact, claim or wording of facts/: {sentence[:90]!r}"

    @staticmethod
    def _sayings(block: Mapping[str, Any]) -> Iterator[str]:
        kind = block["type"]
        if kind in ("paragraph", "note", "signpost", "heading"):
            yield squeezed(block["text"])
        elif kind in ("escalation", "support"):
            yield from filter(None, map(squeezed, block["text"].split("\n")))
        elif kind == "table":
            yield from (squeezed(cell) for row in block["rows"] for cell in row["cells"])

    def _is_known(self, sentence: str) -> bool:
        return sentence in self._sentences or any(one.fullmatch(sentence) for one in self._templates)

    @cached_property
    def _sentences(self) -> frozenset[str]:
        """Everything the content holds that is said as it stands."""
        store, rules = self._known.store, self._known.red_flag_rules
        texts = [fact.text for fact in store.facts.values() if fact.is_served]
        texts += [claim.text for claim in store.claims]
        for condition in store.conditions.values():
            texts += [str(value) for value in condition.comparison.dict().values() if isinstance(value, str)]
        texts += [flag.advice for flag in rules.flags if flag.advice_status == "served"]
        questions = [flag.asks for flag in rules.flags if flag.asks is not None]
        texts += [question.text for question in questions]
        texts += [answer.says for question in questions for answer in question.answers if answer.says]
        return frozenset(map(squeezed, texts))

    @cached_property
    def _templates(self) -> tuple[re.Pattern[str], ...]:
        """Everything the content holds that is filled in before it is said."""
        phrases = self._known.phrases
        texts: list[str] = []
        for value in phrases.wording.dict().values():
            texts += _strings(value)
        texts += [flag.advice for flag in self._known.red_flag_rules.flags if flag.advice_status == "served"]
        for topic in phrases.topics.values():
            texts += filter(None, (topic.question, topic.of_any_bump))
        wording = phrases.wording
        texts.append(f"{wording.checked} {wording.not_reviewed}")
        texts.append(f"{wording.signpost} {wording.signpost_urgent}")
        # After "I hold no checked fact on that … What I can tell you:" the topics held are listed.
        texts.append(f"{wording.no_fact} {{topics}}.")
        return tuple(_filled_in(text) for text in texts)

    def _has_template(self, text: str, template: str) -> bool:
        pattern = _filled_in(template)
        return pattern.search(text) is not None

    def _drafts(self, text: str) -> Iterator[str]:
        text = squeezed(text)
        for id_, draft in self._draft_texts:
            if draft[:_TELLING] in text:
                yield f"it says {id_}, which is a draft"

    @cached_property
    def _draft_texts(self) -> tuple[tuple[str, str], ...]:
        drafts = [
            (str(fact.id), squeezed(fact.text))
            for fact in self._known.store.facts.values()
            if not fact.is_served
        ]
        for flag in self._known.red_flag_rules.flags:
            if flag.advice_status == "draft":
                # Helplines are filled in, so the advice is known by its longest stretch without one.
                stretches = re.split(r"\{\w+\}", flag.advice)
                drafts.append((f"the advice on {flag.id}", squeezed(max(stretches, key=len))))
        return tuple((id_, text) for id_, text in drafts if len(text) > _TELLING // 3)

    @staticmethod
    def _rendering(turn: Mapping[str, Any]) -> Iterator[str]:
        text = squeezed(turn["text"])
        reached = 0
        for block in turn["blocks"]:
            for piece in _pieces(block):
                place = text.find(squeezed(piece), reached)
                if place < 0:
                    yield f"the text lacks, or has out of order: {squeezed(piece)[:80]!r} ({block['type']})"
                    return
                if block["type"] != "table":
                    reached = place
        sign = {"emergency": "🚨", "same_day": "⚠️", "see_doctor": "ℹ️"}
        for block in turn["blocks"]:
            if block["type"] == "escalation" and f"{sign[block['urgency']]} {block['title']}" not in text:
                yield f"an escalation for {block['urgency']} does not carry its sign"

    @staticmethod
    def _platform(said: Said, turn: Mapping[str, Any]) -> Iterator[str]:
        if not said.platform:
            return
        disclaimer = squeezed(turn["disclaimer"])
        for message in said.platform:
            if not message.strip():
                yield "an empty message"
            if len(message) > PLATFORM_LIMIT:
                yield f"a message of {len(message)} characters; {PLATFORM_LIMIT} are allowed"
        last = squeezed(said.platform[-1])
        if not last.endswith(disclaimer):
            yield "the last message does not end with the disclaimer"
        elif last == disclaimer:
            yield "the disclaimer stands alone in a message"
        if "".join("".join(said.platform).split()) != "".join(str(turn["text"]).split()):
            yield "the messages together are not the reply"

    def _but_for_questions(self, blocks: Sequence[Mapping[str, Any]]) -> list[str]:
        """The kinds of blocks without what is asked back about a red flag, which belongs to the advice."""
        asked = {self._known.phrases.wording.which_country}
        asked |= {flag.asks.text for flag in self._known.red_flag_rules.flags if flag.asks is not None}
        return [block["type"] for block in blocks if block.get("text") not in asked]

    def _suggestions(self, turn: Mapping[str, Any]) -> Iterator[str]:
        from skinfo.conversation import GOT_HELP, INTENT_OF_TOPIC, read_payload

        for one in turn["suggestions"]:
            read = read_payload(str(one.get("payload", "")))
            if not str(one.get("title", "")).strip():
                yield "a button without a title"
            elif read is None or read[0] not in {*INTENT_OF_TOPIC.values(), GOT_HELP}:
                yield f"the button {one['title']!r} sends {one.get('payload')!r}"
            elif not set(read[1].conditions) <= self._known.store.conditions.keys():
                yield f"the button {one['title']!r} is about a condition that facts/ does not hold"
        titles = [one.get("title") for one in turn["suggestions"]]
        if len(set(titles)) < len(titles):
            yield "two buttons with the same title"

    def _numbers(self, text: str, country: str | None) -> Iterator[str]:
        phrases = self._known.phrases
        general, own = phrases.helpline(None), phrases.helpline(country)
        if own is general:
            # A source's own name, such as NHS 111 Wales, is no advice to dial it.
            for source in self._known.store.sources.values():
                for name in (source.organisation, source.title, str(source.url or "")):
                    text = text.replace(name, "") if _UNSURE_LINE.search(name) else text
            if _UNSURE_LINE.search(text):
                yield "it names 111 though the country is not known"
            if squeezed(general.emergency) not in squeezed(text):
                yield "it does not name 112, 911, 999 and 000 though the country is not known"
        elif squeezed(own.emergency) not in squeezed(text):
            yield f"it does not name {own.emergency} for {own.name}"


def _check(promise: str, problems: Sequence[str]) -> Check:
    return Check(promise, "broken" if problems else "kept", "; ".join(problems))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _strings(inner)]
    return []


def _filled_in(template: str) -> re.Pattern[str]:
    """What a text with placeholders looks like once they are filled in."""
    parts = re.split(r"\{\w+\}", squeezed(template))
    return re.compile(".+?".join(map(re.escape, parts)))


def _pieces(block: Mapping[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "table":
        yield block["caption"]
        for index, column in enumerate(block["columns"]):
            yield column
            for row in block["rows"]:
                yield f"{row['header']}: {row['cells'][index]}"
    elif kind == "list":
        yield from block["items"]
    elif kind == "sources":
        for source in block["items"]:
            yield f"{source['organisation']}: {source['title']}"
            if source["url"]:
                yield source["url"]
    else:
        if block.get("title"):
            yield block["title"]
        yield from filter(None, block["text"].split("\n"))
        if kind == "signpost" and block.get("url"):
            yield block["url"]
