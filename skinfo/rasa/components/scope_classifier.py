"""Whether a message is about skin at all: decided apart from what it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from skinfo.matrices import side_by_side
from skinfo.rasa.components.balanced_features import Floats, balanced_features, inverse_frequencies
from skinfo.rasa.components.clause_splitter import is_part
from skinfo.rasa.components.names import names_in
from skinfo.rasa.components.trained_component import TrainedClassifier, labelled
from skinfo.summed_regressions import Part, fit_summed

#: What the names in a message count beside a sentence vector of length 1.
_NAMES_SCALE = 0.6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScopeClassifier(TrainedClassifier):
    """Overrules the intent of what is out of scope.

    "What causes a sore throat" has the very form of a question about skin, so that among twenty
    intents its topic wins. Here form counts for nothing: two classes, all the examples, and what
    the message names (a condition, another condition, a word of skin).
    """

    array_names = ("idf", "weights", "bias")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults.

        ``C`` and ``vector_C``: inverse of the regularisation strength for words (n-grams and names)
        and for sentence vectors, which are learned apart; the log-odds by words count ``words_share``.
        ``intent``: the one decided on. ``threshold``: from this probability it is out of scope;
        a clause, which may lean on the rest ("can I put lipstick over it"), from ``clause_threshold``.
        ``unless``: intents (small talk) that stand when at least ``sure``, and likelier than out of scope.
        """
        return {
            "C": 5.0,
            "vector_C": 1.0,
            "words_share": 0.5,
            "max_iter": 60,
            "intent": "out_of_scope",
            "threshold": 0.4,
            "clause_threshold": 0.8,
            "unless": [],
            "sure": 0.5,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier to the examples.

        Raises:
            RasaException: all examples are in scope, or none is.
        """
        examples = labelled(training_data)
        outside = [example.get(INTENT) == self._config["intent"] for example in examples]
        if len(set(outside)) < 2:
            raise RasaException(
                f"The scope classifier needs examples of {self._config['intent']} and of others."
            )
        idf = inverse_frequencies(examples)
        features = self._features(examples, idf)
        names = len(_names(examples[0]))
        vectors = features.shape[1] - len(idf) - names
        _, weights, bias = fit_summed(
            features,
            outside,
            [
                Part(
                    names + len(idf),
                    C=self._config["C"],
                    share=self._config["words_share"],
                    steps=self._config["max_iter"],
                ),
                Part(vectors, C=self._config["vector_C"], dense=True),
            ],
        )
        self._labels = [self._config["intent"]]
        self._arrays = {"idf": idf, "weights": weights, "bias": bias}
        return self._persist()

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the intent of each message that has one in or out of scope."""
        wanted = [
            message for message in messages if message.get(TEXT) and message.get(INTENT) and self._labels
        ]
        if not wanted:
            return messages
        logits = self._logits(self._features(wanted, self._arrays["idf"]))
        for message, logit in zip(wanted, logits.ravel(), strict=True):
            self._decide(message, float(1 / (1 + np.exp(-logit))))
        return messages

    def _decide(self, message: Message, outside: float) -> None:
        message.set("out_of_scope", outside, add_to_output=True)
        intent = message.get(INTENT)
        if outside < self._config["clause_threshold" if is_part(message) else "threshold"]:
            return
        # "What's the weather tomorrow" holds a word of goodbyes: small talk must be the likelier of the two.
        needed = max(self._config["sure"], outside)
        if intent["name"] in self._config["unless"] and intent["confidence"] >= needed:
            return
        declined = {"name": self._config["intent"], "confidence": outside}
        message.set(INTENT, declined, add_to_output=True)
        message.set("intent_ranking", [declined, *message.get("intent_ranking")], add_to_output=True)

    @staticmethod
    def _features(messages: Sequence[Message], idf: Floats) -> csr_matrix:
        names = csr_matrix(
            np.array([_names(message) for message in messages], dtype=np.float32) * _NAMES_SCALE
        )
        nothing = np.zeros((len(messages), 0), dtype=np.float32)
        return side_by_side([names, balanced_features(messages, idf)], nothing)


def _names(message: Message) -> list[float]:
    found = names_in(message)
    return [
        float(bool(part))
        for part in (
            found.conditions and not found.abbreviated,
            found.shared,
            found.implied,
            found.kinds,
            found.signposts,
            found.about_skin,
            found.contexts,
        )
    ]
