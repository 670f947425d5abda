"""Rasa without TensorFlow, for a pipeline that has no use for it.

Rasa imports TensorFlow wherever one of its neural components is defined, also when the pipeline
names none of them: half of a server's memory and most of its start. Here the name stands for nothing:
Rasa's modules can be imported and their classes defined, and whatever would compute with it raises
`TensorFlowAbsent`. `docs/performance.md` has the figures.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

#: What only Rasa's neural components need.
_PACKAGES = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})
#: Rasa's own components that do without; ours do, too.
_DO_WITHOUT = frozenset(
    {"SpacyNLP", "SpacyTokenizer", "CountVectorsFeaturizer", "FallbackClassifier", "RulePolicy"}
)


class TensorFlowAbsent(RuntimeError):
    """Something was to be computed with TensorFlow, which this process did not load."""


def do_without_tensorflow(config: Path) -> bool:
    """Leave TensorFlow out of this process if a configuration has no use for it.

    To be called before Rasa is imported.

    Args:
        config: Rasa's ``config.yml``. A component that is not known to do without keeps TensorFlow.

    Returns:
        Whether it was left out.
    """
    if "tensorflow" in sys.modules:
        return isinstance(sys.modules["tensorflow"], _AbsentModule)
    if not _does_without(config):
        return False
    sys.meta_path.insert(0, _AbsentFinder())
    return True


def _does_without(config: Path) -> bool:
    try:
        read = yaml.safe_load(config.read_text(encoding="utf-8"))
        names = [str(part["name"]) for part in (*read["pipeline"], *read["policies"])]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return False  # Rasa will say what is wrong with it.
    return all(name in _DO_WITHOUT or name.startswith("skinfo.") for name in names)


class _Absent(type):
    """A class that is no more than a name: may be a base, a decorator or a default, never a result."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **values: Any) -> Any:
        if len(args) == 1 and callable(args[0]) and not values:
            return args[0]  # as a decorator
        if cls.__bases__ == (object,):
            return cls  # an initializer, an argument's default
        raise TensorFlowAbsent(
            f"{cls.__name__} needs TensorFlow, which config.yml had no use for; start anew after changing it"
        )

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _absent(name: str) -> Any:
    return _Absent(name, (), {})


class _AbsentModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _absent(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in _PACKAGES:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""
