"""Puts what the spaCy pipeline read (names, places, red flags) on Rasa's message."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from skinfo.language import read_doc
from skinfo.rasa.components.names import names_in
from skinfo.rasa.components.untrained_component import UntrainedComponent


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageReader(UntrainedComponent, EntityExtractorMixin):
    """Adds ``reading`` (see `skinfo.language.Reading`) and its names as entities."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message that has a spaCy doc; an empty text has none."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            if doc is None:
                continue
            reading = read_doc(doc, names_in(message))
            message.set("reading", reading.to_dict(), add_to_output=True)
            named: list[tuple[str, str]] = [("condition", value) for value in reading.conditions]
            named += [("context", value.value) for value in reading.contexts]
            entities = [
                {"entity": kind, "value": value, "start": 0, "end": len(message.get(TEXT))}
                for kind, value in named
            ]
            message.set(
                ENTITIES,
                message.get(ENTITIES, []) + self.add_extractor_name(entities),
                add_to_output=True,
            )
        return messages
