"""Learning from the examples: what is asked, whether it is about skin, and red flags, all at once.

Each task has a linear map of its own on the sentence vector, thrown away afterwards: the bot's
classifiers are trained on the vectors anew whenever ``data/`` changes.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from adaptation.examples import Example
from adaptation.model import Encoder, padded
from adaptation.noise import typed
from skinfo.facts import Urgency

#: Told how many batches are done, of how many, and the loss of late.
Watch = Callable[[int, int, float], None]

_BATCH = 32
#: Word pieces of a batch with its padding, and of a text.
_MOST_PIECES, _LONGEST = 2400, 160
#: Batches are drawn from texts of like length, this many batches at a time.
_SORTED_AT_ONCE = 40
#: How fast the encoder learns from nothing; what it learned before would be forgotten so fast.
RATE, GOING_ON_RATE = 1e-3, 5e-4
_HEAD_RATE = 1e-2
_WARM_UP = 100
#: A unit vector is too short for a linear map to be sure of anything.
_SCALE = 10.0
#: Labels are by hand, and some are wrong.
_SMOOTHING = 0.05
_URGENCIES = (Urgency.SEE_DOCTOR.value, Urgency.SAME_DAY.value, Urgency.EMERGENCY.value)


class Tasks(nn.Module):
    """The loss of a batch, summed over what is known of each text."""

    def __init__(self, examples: Sequence[Example], width: int) -> None:
        super().__init__()
        intents = Counter(one.intent for one in examples if one.intent is not None)
        flags = Counter(flag for one in examples for flag in one.flags)
        self._intents = {intent: place for place, intent in enumerate(sorted(intents))}
        self._flags = {flag: place for place, flag in enumerate(sorted(flags))}
        self._intent_weights = _rare_ones_more([intents[one] for one in self._intents])
        self._flag_weights = _rare_ones_more([flags[one] for one in self._flags])
        self._intent = nn.Linear(width, len(intents))
        self._outside = nn.Linear(width, 1)
        self._flagged = nn.Linear(width, 1)
        self._flag = nn.Linear(width, len(flags))
        self._urgency = nn.Linear(width, len(_URGENCIES))

    def forward(self, vectors: Tensor, examples: Sequence[Example]) -> Tensor:
        """The loss, a number, of vectors of shape (texts, width)."""
        vectors = vectors * _SCALE
        losses = (
            self._of_intents(vectors, examples),
            _of_yes_or_no(self._outside, vectors, [one.outside for one in examples]),
            _of_yes_or_no(self._flagged, vectors, [one.flagged for one in examples]),
            self._of_flags(vectors, examples),
            self._of_urgencies(vectors, examples),
        )
        return torch.stack(losses).sum() / _BATCH

    def _of_intents(self, vectors: Tensor, examples: Sequence[Example]) -> Tensor:
        rows = [row for row, one in enumerate(examples) if one.intent is not None]
        wanted = torch.tensor([self._intents[str(examples[row].intent)] for row in rows], dtype=torch.long)
        return _of_classes(self._intent, vectors[rows], wanted, self._intent_weights)

    def _of_flags(self, vectors: Tensor, examples: Sequence[Example]) -> Tensor:
        rows = [row for row, one in enumerate(examples) if one.flags]
        wanted = torch.zeros(len(rows), len(self._flags))
        for place, row in enumerate(rows):
            for flag in examples[row].flags:
                wanted[place, self._flags[flag]] = 1 / len(examples[row].flags)
        return _of_classes(self._flag, vectors[rows], wanted, self._flag_weights)

    def _of_urgencies(self, vectors: Tensor, examples: Sequence[Example]) -> Tensor:
        rows = [row for row, one in enumerate(examples) if one.urgency is not None]
        wanted = torch.tensor(
            [_URGENCIES.index(str(examples[row].urgency)) for row in rows], dtype=torch.long
        )
        return _of_classes(self._urgency, vectors[rows], wanted, None)


def learn(
    encoder: Encoder,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    *,
    epochs: int,
    seed: int,
    watch: Watch,
    rate: float = RATE,
) -> None:
    """Change the encoder in place.

    Args:
        encoder: as published, or as it was learned before.
        tokenizer: the encoder's own, without padding.
        examples: with what is known of them.
        epochs: how often each example is seen, typed differently each time.
        seed: the same seed gives nearly the same changes, on the same machine.
        watch: told after every batch.
        rate: how fast the encoder learns at its fastest.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - the order of examples, not a secret
    tokenizer.enable_truncation(_LONGEST)
    tasks = Tasks(examples, encoder.width)
    changing = list(encoder.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": changing, "weight_decay": 0.01}, {"params": tasks.parameters(), "weight_decay": 0.0}]
    )
    encoder.train()
    all_epochs = [_batches(tokenizer, examples, chance) for _ in range(epochs)]
    total, done, smoothed = sum(map(len, all_epochs)), 0, 0.0
    for batches in all_epochs:
        for batch in batches:
            share = min(1.0, (done + 1) / _WARM_UP) * (1 - done / total)
            for group, full_rate in zip(optimiser.param_groups, (rate, _HEAD_RATE), strict=True):
                group["lr"] = full_rate * share
            # Half precision costs nothing that was measurable and takes four fifths of the time.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = encoder(*padded([pieces for pieces, _ in batch]))
            loss = tasks(vectors.float(), [example for _, example in batch])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(changing, 1.0)
            optimiser.step()
            done += 1
            smoothed = loss.item() if done == 1 else 0.98 * smoothed + 0.02 * loss.item()
            watch(done, total, smoothed)
    encoder.eval()


def _batches(
    tokenizer: Tokenizer, examples: Sequence[Example], chance: random.Random
) -> list[list[tuple[list[int], Example]]]:
    """Texts of like length together, so that little of a batch is padding; in another order each time."""
    texts = [(tokenizer.encode(typed(one.text, chance)).ids, one) for one in examples]
    chance.shuffle(texts)
    batches = []
    for start in range(0, len(texts), _BATCH * _SORTED_AT_ONCE):
        alike = sorted(texts[start : start + _BATCH * _SORTED_AT_ONCE], key=lambda text: len(text[0]))
        batch: list[tuple[list[int], Example]] = []
        for text in alike:
            # Sorted, so this text is the longest: the batch would be padded to it.
            if len(batch) == _BATCH or (len(batch) + 1) * len(text[0]) > _MOST_PIECES:
                batches.append(batch)
                batch = []
            batch.append(text)
        batches.append(batch)
    chance.shuffle(batches)
    return batches


def _of_classes(head: nn.Linear, vectors: Tensor, wanted: Tensor, weights: Tensor | None) -> Tensor:
    if not len(vectors):
        return torch.zeros(())
    return functional.cross_entropy(
        head(vectors), wanted, weights, label_smoothing=_SMOOTHING, reduction="sum"
    )


def _of_yes_or_no(head: nn.Linear, vectors: Tensor, answers: Sequence[bool | None]) -> Tensor:
    rows = [row for row, answer in enumerate(answers) if answer is not None]
    if not rows:
        return torch.zeros(())
    wanted = torch.tensor([float(bool(answers[row])) for row in rows])
    wanted = wanted * (1 - _SMOOTHING) + _SMOOTHING / 2
    logits = head(vectors[rows]).squeeze(1)
    return functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum")


def _rare_ones_more(counts: Sequence[int]) -> Tensor:
    """Weights by the root of how rare a class is, so that none is drowned and none shouts."""
    mean = sum(counts) / len(counts)
    return torch.tensor([math.sqrt(mean / count) for count in counts])
