"""Keeping Rasa, TensorFlow and others from talking, phoning home, or logging what people write."""

from __future__ import annotations

import logging
import os
import sys
import warnings

import structlog

from skinfo.rasa.discreet_logs import discreet_event


def be_quiet() -> None:
    """Call before Rasa is imported."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("LOG_LEVEL_LIBRARIES", "ERROR")
    # Rasa's pinned libraries warn of what their successors have deprecated, and put back any filter.
    os.environ["PYTHONWARNINGS"] = "ignore"
    warnings.showwarning = lambda *args, **kwargs: None
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    for name in ("matplotlib", "rasa.shared.utils.io"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa logs what people write at DEBUG, and unless told otherwise structlog prints it.
    structlog.configure(
        processors=[
            discreet_event,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        from loguru import logger as loguru_logger
    except ImportError:
        return
    loguru_logger.remove()
