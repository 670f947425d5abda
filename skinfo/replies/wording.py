"""The bot's own sentences, the names of topics, and helplines: loaded from YAML, typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from skinfo.content import ContentError, Record, read_yaml
from skinfo.facts import Condition, Topic, Urgency


class UrgencyWording(Record):
    """What is said for an urgency, whatever the red flag."""

    title: str
    text: str


class CrisisWording(Record):
    """Support texts; nothing else is said with them."""

    title: str
    self_harm: str
    assault: str
    past: str


class Wording(Record):
    """Every sentence that is not a fact; the file ``wording.yml`` says when each is used."""

    disclaimer: str
    welcome: str
    greet: str
    goodbye: str
    thanks: str
    affirm_nothing_offered: str
    deny: str
    bot_challenge: str
    capabilities: str
    capabilities_topics: str
    capabilities_limits: str
    out_of_scope: str
    fallback: str
    fallback_no_guess: str
    no_fact: str
    cannot_tell: str
    cannot_tell_one: str
    which_one: str
    no_condition: str
    described: str
    symptom_thanks: str
    no_difference: str
    comparison_caption: str
    sources_intro: str
    sources_all: str
    sources_article: str
    sources_review: str
    checked: str
    not_reviewed: str
    signpost: str
    signpost_urgent: str
    mentioned: str
    remembered: str
    help_not_yet: str
    got_help_button: str
    got_help: str
    which_country: str
    country_known: str
    thanks_for_answer: str
    urgency: Mapping[Urgency, UrgencyWording]
    crisis: CrisisWording
    apology: str
    call: str
    refusals: Mapping[str, str]


class TopicWording(Record):
    """How a topic is named."""

    question: str
    of_any_bump: str | None = Field(None, description="The question with no condition, where it differs.")
    short: str


class ColumnsWording(Record):
    """The row headers of a comparison."""

    cause: str
    where: str
    look: str
    feel: str
    catching: str
    who: str
    course: str


class Helpline(Record):
    """Who to call in one country."""

    country: str
    name: str
    called: tuple[str, ...] = Field((), description="Names that people give the country.")
    members: tuple[str, ...] = ()
    emergency: str
    dial: tuple[str, ...] = ()
    urgent_line: str
    crisis: str
    crisis_dial: tuple[str, ...] = ()
    sexual_assault: str
    assault_dial: tuple[str, ...] = ()
    child_protection: str
    checked: str | None = Field(None, description="The day somebody checked every number by hand.")

    def fill(self, text: str) -> str:
        """The text with this country's numbers in place of {emergency}, {crisis} and so on."""
        return _PLACEHOLDER.sub(lambda match: self._value(match.group(1), match.group(0)), text)

    def _value(self, key: str, otherwise: str) -> str:
        values = {
            "emergency": self.emergency,
            "urgent_line": self.urgent_line,
            "crisis": self.crisis,
            "sexual_assault": self.sexual_assault,
            "child_protection": self.child_protection,
        }
        return values.get(key, otherwise)


class Phrasebook:
    """All wording of the bot, with helplines by country."""

    def __init__(
        self,
        wording: Wording,
        topics: Mapping[Topic, TopicWording],
        helplines: Mapping[str, Helpline],
        columns: ColumnsWording,
    ) -> None:
        self.wording = wording
        self.columns = columns
        self.topics = topics
        self._helplines = helplines

    @classmethod
    def load(cls, folder: Path) -> Phrasebook:
        """Read ``wording.yml``, ``topics.yml``, ``comparison.yml`` and ``helplines.yml``.

        Raises:
            ContentError: with file, line and mend.
        """
        wording = read_yaml(folder / "wording.yml").parse(Wording)
        topics_file = read_yaml(folder / "topics.yml")
        topics: dict[Topic, TopicWording] = {}
        for topic in Topic:
            if topic.value not in topics_file.data:
                raise ContentError(
                    f"the topic {topic.value} has no wording",
                    file=topics_file.file,
                    mend="add `question` and `short` for it",
                )
            topics[topic] = topics_file.parse(TopicWording, at=(topic.value,))
        lines_file = read_yaml(folder / "helplines.yml")
        helplines: dict[str, Helpline] = {}
        for helpline in lines_file.parse_list(Helpline):
            for code in (helpline.country, *helpline.members):
                helplines[code.upper()] = helpline
        if "DEFAULT" not in helplines:
            raise lines_file.error(
                "no entry for country `default`", mend="add one: it serves unknown countries"
            )
        columns = read_yaml(folder / "comparison.yml").parse(ColumnsWording)
        return cls(wording, topics, helplines, columns)

    def helpline(self, country: str | None) -> Helpline:
        """The lines of a country (ISO 3166 two letters), or the generic ones."""
        return self._helplines.get((country or "default").upper(), self._helplines["DEFAULT"])

    @property
    def countries(self) -> Mapping[str, str]:
        """What people call the countries that have lines of their own, each with its code."""
        return {
            name: line.country.upper()
            for line in self._helplines.values()
            for name in (line.name, *line.called)
            if line.country != "default"
        }

    def knows_country(self, country: str) -> bool:
        """Whether a country has lines of its own."""
        return country.upper() in self._helplines and country.upper() != "DEFAULT"

    def disclaimers(self) -> frozenset[str]:
        """The disclaimer as every country reads it; no turn may end in another."""
        return frozenset(line.fill(self.wording.disclaimer) for line in self._helplines.values())

    def question(self, topic: Topic, condition: Condition | None) -> str:
        """The topic as a heading, e.g. "Can I pop, squeeze or pick milia?"."""
        wording = self.topics[topic]
        if condition is None and wording.of_any_bump is not None:
            return wording.of_any_bump
        return _inflect(wording.question, condition)

    def short(self, topic: Topic, condition: Condition | None) -> str:
        """The topic inside a sentence, e.g. "why not to pop them"."""
        return _inflect(self.topics[topic].short, condition)

    def about(self, text: str, condition: Condition | None) -> str:
        """A sentence with {name}, {it} and the like filled in."""
        return _inflect(text, condition)


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ANY_BUMP = "a bump like that"
#: How words follow the number of a condition's name: (one, several).
_FORMS = {
    "is": ("is", "are"),
    "do": ("does", "do"),
    "it": ("it", "they"),
    "them": ("it", "them"),
    "has": ("has", "have"),
    "looks": ("looks", "look"),
    "shows": ("shows", "show"),
    "hurts": ("hurts", "hurt"),
    "itches": ("itches", "itch"),
    "lasts": ("lasts", "last"),
    "comes": ("comes", "come"),
    "differs": ("differs", "differ"),
}


def _inflect(text: str, condition: Condition | None) -> str:
    several = condition is not None and condition.plural
    name = condition.name if condition is not None else _ANY_BUMP

    def fill(match: re.Match[str]) -> str:
        key = match.group(1)
        if key == "name":
            return name
        value = _FORMS[key.lower()][several] if key.lower() in _FORMS else match.group(0)
        return value.capitalize() if key[0].isupper() else value

    return _PLACEHOLDER.sub(fill, text)
