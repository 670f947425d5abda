"""Rasa's n-gram counts of whole texts, and nothing else."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceCountsFeaturizer(CountVectorsFeaturizer):
    """Learns as Rasa's featurizer does, but leaves out the counts of each token.

    No classifier of the pipeline reads those, and they take most of the featurizer's time.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Add one sparse feature of shape (1, n-grams) to each message that has a text."""
        texts, with_text = [], []
        for message in messages:
            tokens = self._get_processed_message_tokens_by_attribute(message, TEXT)
            if tokens:
                texts.append(" ".join(tokens))
                with_text.append(message)
        if not texts or self._get_attribute_vocabulary(TEXT) is None:
            return messages
        counts = self.vectorizers[TEXT].transform(texts)
        counts.sort_indices()
        for row, message in enumerate(with_text):
            self.add_features_to_message(None, counts[row], TEXT, message)
        return messages
