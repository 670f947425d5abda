"""What the trained classifiers share: how Rasa makes, stores and loads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


class TrainedClassifier(IntentClassifier, GraphComponent):
    """A classifier whose model is plain numbers and labels: loading it runs no code.

    A subclass names its arrays (set by training) in `array_names`; ``labels`` goes with them.
    """

    array_names: tuple[str, ...] = ()

    @classmethod
    def required_components(cls) -> list[type]:
        """See `GraphComponent.required_components`."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """See `GraphComponent.required_packages`."""
        return ["sklearn"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """See `GraphComponent.validate_config`."""

    def __init__(self, config: Mapping[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._labels: list[str] = []
        self._arrays: dict[str, Floats] = {}
        self._by_feature: Floats | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """See `GraphComponent.create`."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    def _logits(self, features: csr_matrix) -> Floats:
        """The log-odds of each label, of shape (messages, labels), by the arrays ``weights`` and ``bias``."""
        if self._by_feature is None:
            # Feature by feature, or every product with a sparse row would first copy the whole matrix.
            self._by_feature = np.ascontiguousarray(self._arrays["weights"].T)
        logits: Floats = features @ self._by_feature + self._arrays["bias"]
        return logits

    def _persist(self) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "weights.npz", **self._arrays)
            (folder / "labels.json").write_text(json.dumps(self._labels), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """See `GraphComponent.load`."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            arrays = np.load(folder / "weights.npz", allow_pickle=False)
            component._arrays = {name: arrays[name] for name in cls.array_names}
            component._labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        return component


def labelled(training_data: TrainingData) -> list[Message]:
    """The examples that have both a text and an intent."""
    return [example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)]
