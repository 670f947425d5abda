"""The intent classifier: multinomial logistic regressions on n-grams and on sentence vectors, added up."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skinfo.rasa.components.balanced_features import balanced_features, inverse_frequencies
from skinfo.rasa.components.trained_component import TrainedClassifier, labelled
from skinfo.summed_regressions import Part, fit_summed


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BalancedIntentClassifier(TrainedClassifier):
    """Says what is meant, among the intents that ``leave_out`` does not name."""

    array_names = ("idf", "weights", "bias")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults.

        ``C`` and ``vector_C``: inverse of the regularisation strength for n-grams and for sentence
        vectors, which are learned apart; ``max_iter``: the most steps by n-grams, of which more change one
        answer in 200 and take most of the time. ``ranking_length``: intents reported. ``leave_out``: intents
        that another component decides on.
        """
        return {"C": 10.0, "vector_C": 1.0, "max_iter": 60, "ranking_length": 10, "leave_out": []}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier to the examples.

        Raises:
            RasaException: there are fewer than two intents.
        """
        left_out = set(self._config["leave_out"])
        examples = [one for one in labelled(training_data) if one.get(INTENT) not in left_out]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise RasaException("The intent classifier needs examples of at least two intents.")
        idf = inverse_frequencies(examples)
        features = balanced_features(examples, idf)
        labels, weights, bias = fit_summed(
            features,
            intents,
            [
                Part(len(idf), C=self._config["C"], steps=self._config["max_iter"]),
                Part(features.shape[1] - len(idf), C=self._config["vector_C"], dense=True),
            ],
        )
        self._labels = [str(intent) for intent in labels]
        self._arrays = {"idf": idf, "weights": weights, "bias": bias}
        return self._persist()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message that has a text."""
        wanted = [message for message in messages if message.get(TEXT) and self._labels]
        if not wanted:
            return messages
        logits = self._logits(balanced_features(wanted, self._arrays["idf"]))
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        for message, row in zip(wanted, odds / odds.sum(axis=1, keepdims=True), strict=True):
            order = np.argsort(-row)[: self._config["ranking_length"]]
            ranking = [{"name": self._labels[index], "confidence": float(row[index])} for index in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
