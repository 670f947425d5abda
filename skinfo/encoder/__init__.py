"""The sentence encoder: all-MiniLM-L6-v2 as one int8 ONNX graph, with no torch."""

from skinfo.encoder.sentence_encoder import DIMENSIONS, EncoderMissing, SentenceEncoder

__all__ = ["DIMENSIONS", "EncoderMissing", "SentenceEncoder"]
