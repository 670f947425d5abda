"""The intent classifier: multinomial logistic regression on balanced sparse and dense features."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BalancedIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Weighs n-grams and sentence vectors evenly.

    Rasa's own LogisticRegressionClassifier adds raw counts to a unit vector, so that the counts
    swamp it. Here counts become TF-IDF, and both parts are brought to length 1 first.
    The trained model is plain numbers (``.npz`` without pickles): loading it runs no code.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """See `GraphComponent.required_components`."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """See `GraphComponent.required_packages`."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: inverse of the regularisation strength. ``ranking_length``: intents reported."""
        return {"C": 10.0, "max_iter": 400, "ranking_length": 10}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._intents: list[str] = []
        self._idf: NDArray[np.float64] = np.zeros(0)
        self._weights: NDArray[np.float64] = np.zeros((0, 0))
        self._bias: NDArray[np.float64] = np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BalancedIntentClassifier:
        """See `GraphComponent.create`."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See `GraphComponent.validate_config`."""

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier to the examples.

        Raises:
            RasaException: there are fewer than two intents.
        """
        examples = [
            example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)
        ]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise RasaException("The intent classifier needs examples of at least two intents.")
        counts = vstack([_counts(example) for example in examples]).tocsr()
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
        model = LogisticRegression(
            C=self._config["C"],
            max_iter=self._config["max_iter"],
            class_weight="balanced",
            random_state=7,
        )
        model.fit(self._features(examples), intents)
        self._intents = list(model.classes_)
        self._weights, self._bias = model.coef_, model.intercept_
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message that has a text."""
        wanted = [message for message in messages if message.get(TEXT) and self._intents]
        if not wanted:
            return messages
        logits = self._features(wanted) @ self._weights.T + self._bias
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        for message, row in zip(wanted, odds / odds.sum(axis=1, keepdims=True), strict=True):
            order = np.argsort(-row)[: self._config["ranking_length"]]
            ranking = [{"name": self._intents[index], "confidence": float(row[index])} for index in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _features(self, messages: list[Message]) -> csr_matrix:
        counts = vstack([_counts(message) for message in messages]).tocsr()
        counts.data = 1 + np.log(counts.data)
        sparse = normalize(counts.multiply(self._idf).tocsr())
        dense = csr_matrix(np.vstack([_dense(message) for message in messages]))
        return hstack([sparse, dense]).tocsr()

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "weights.npz", idf=self._idf, weights=self._weights, bias=self._bias)
            (folder / "intents.json").write_text(json.dumps(self._intents), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BalancedIntentClassifier:
        """See `GraphComponent.load`."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            arrays = np.load(folder / "weights.npz", allow_pickle=False)
            component._idf, component._weights = arrays["idf"], arrays["weights"]
            component._bias = arrays["bias"]
            component._intents = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        return component


def _counts(message: Message) -> csr_matrix:
    _, sentence = message.get_sparse_features(TEXT)
    if sentence is None:
        raise RasaException("The intent classifier needs a CountVectorsFeaturizer before it.")
    return csr_matrix(sentence.features, dtype=np.float64)


def _dense(message: Message) -> NDArray[np.float32]:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise RasaException("The intent classifier needs the sentence encoder before it.")
    features: NDArray[np.float32] = sentence.features
    return features
