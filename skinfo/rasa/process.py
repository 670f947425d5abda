"""A process that Rasa will be imported in: quiet, discreet, and without what it has no use for."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

import structlog

from skinfo.paths import project_folder
from skinfo.rasa.discreet_logs import discreet_event
from skinfo.rasa.without_tensorflow import do_without_tensorflow


def prepare_process(config: Path | None = None) -> None:
    """Call before Rasa is imported.

    Rasa, TensorFlow and others are kept from talking, phoning home, and logging what people write.

    Args:
        config: the ``config.yml`` that will be run or trained, if not the project's.
    """
    do_without_tensorflow(config or project_folder() / "config.yml")
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
