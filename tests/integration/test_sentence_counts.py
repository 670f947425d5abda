"""Counts of a whole text are Rasa's own; those of its tokens are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skinfo.rasa.components.sentence_counts import SentenceCountsFeaturizer

EXAMPLES = ("can I pop it", "can I squeeze milia", "what are milia")
NEW = ("can milia pop", "it", "unknown words alone")


def featurized(kind: type[CountVectorsFeaturizer], folder: Path, analyzer: str) -> list[Message]:
    folder.mkdir()
    featurizer = kind.create(
        {**kind.get_default_config(), "analyzer": analyzer, "max_ngram": 2},
        LocalModelStorage(folder),
        Resource("counts"),
        ExecutionContext(GraphSchema({})),
    )
    tokenizer = WhitespaceTokenizer({**WhitespaceTokenizer.get_default_config()})
    examples, new = ([Message({TEXT: text}) for text in texts] for texts in (EXAMPLES, NEW))
    featurizer.train(tokenizer.process_training_data(TrainingData(examples)))
    return featurizer.process(tokenizer.process(new))


@pytest.mark.parametrize("analyzer", ["word", "char_wb"])
def test_counts_are_those_of_rasa(tmp_path: Path, analyzer: str) -> None:
    ours = featurized(SentenceCountsFeaturizer, tmp_path / "ours", analyzer)
    theirs = featurized(CountVectorsFeaturizer, tmp_path / "theirs", analyzer)

    for one, other in zip(ours, theirs, strict=True):
        found = {feature.type: feature.features.toarray() for feature in one.features}
        wanted = {feature.type: feature.features.toarray() for feature in other.features}
        assert FEATURE_TYPE_SEQUENCE not in found
        np.testing.assert_array_equal(found[FEATURE_TYPE_SENTENCE], wanted[FEATURE_TYPE_SENTENCE])
