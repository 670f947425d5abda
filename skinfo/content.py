"""Reading YAML content with the place of every value, so that a mistake can name its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

#: Path of keys and list positions inside a document, as pydantic reports it.
Location = tuple[str | int, ...]


class ContentError(ValueError):
    """A mistake in the content: what is wrong, where, and what would mend it."""

    def __init__(self, problem: str, *, file: Path, line: int | None = None, mend: str = "") -> None:
        self.problem = problem
        self.file = file
        self.line = line
        self.mend = mend
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {problem}" + (f"\n  mend: {mend}" if mend else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what it was made of: red flags are learned in a process of their own."""
        return partial(type(self), self.problem, file=self.file, line=self.line, mend=self.mend), ()


class Record(BaseModel):
    """Base of every typed piece of content: immutable, and an unknown key is an error."""

    class Config:
        frozen = True
        extra = "forbid"
        anystr_strip_whitespace = True
        min_anystr_length = 1


@dataclass(frozen=True)
class Document:
    """One YAML file: its data and the line of each value."""

    file: Path
    data: Any
    lines: Mapping[Location, int] = field(repr=False)

    def line_of(self, location: Location) -> int | None:
        """The line of a value, or of the nearest thing around it that has one."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return None

    def error(self, problem: str, *, at: Location = (), mend: str = "") -> ContentError:
        """A `ContentError` that points at a value of this document."""
        return ContentError(problem, file=self.file, line=self.line_of(at), mend=mend)

    def parse(self, model: type[Model], *, at: Location = ()) -> Model:
        """Turn the value at `at` into a typed record.

        Raises:
            ContentError: with the line of the first value that does not fit.
        """
        value = self.data
        for step in at:
            value = value[step]
        if not isinstance(value, dict):
            raise self.error(
                f"expected keys and values here, found {type(value).__name__}",
                at=at,
                mend=f"write the fields of a {model.__name__.lower()}: {', '.join(model.__fields__)}",
            )
        try:
            return model.parse_obj(value)
        except ValidationError as error:
            first = error.errors()[0]
            inner = tuple(part for part in first["loc"] if part != "__root__")
            raise self.error(
                f"{'.'.join(map(str, inner)) or model.__name__}: {first['msg']}",
                at=(*at, *inner),
                mend=_mend(first, model),
            ) from None

    def parse_list(self, model: type[Model], *, at: Location = ()) -> tuple[Model, ...]:
        """Turn the list at `at` into typed records."""
        value = self.data
        for step in at:
            value = value[step]
        if not isinstance(value, list):
            raise self.error("expected a list here", at=at, mend="start each entry with '- '")
        return tuple(self.parse(model, at=(*at, index)) for index in range(len(value)))


def read_yaml(file: Path) -> Document:
    """Read one YAML file.

    Raises:
        ContentError: the file is missing, empty, or is not YAML, or a mapping has a key twice, of which
            YAML would quietly take the last.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError("the file is missing", file=file, mend="restore it from git") from None
    except UnicodeDecodeError as error:
        raise ContentError(
            f"not UTF-8 text (byte {error.start})", file=file, mend="save the file as UTF-8"
        ) from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ContentError(
            f"not valid YAML: {error.problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            mend="check the indentation, the colon after each key, and quotes around text with ': ' in it",
        ) from None
    except yaml.YAMLError as error:
        raise ContentError(f"not valid YAML: {error}", file=file) from None
    if node is None:
        raise ContentError("the file is empty", file=file, mend="restore it from git")
    twice = _repeated_key(node)
    if twice is not None:
        raise ContentError(
            f"the key {twice.value!r} stands here twice",
            file=file,
            line=twice.start_mark.line + 1,
            mend="keep one of them: YAML would quietly take the last",
        )
    lines = dict(_lines(node, ()))
    constructor = yaml.CSafeLoader("")
    try:
        return Document(file=file, data=constructor.construct_document(node), lines=lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ContentError(
            f"not valid YAML: {error.problem}", file=file, line=mark.line + 1 if mark else None
        ) from None
    finally:
        constructor.dispose()


def _lines(node: yaml.Node, location: Location) -> Iterator[tuple[Location, int]]:
    yield location, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*location, key.value)
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*location, index))


def _repeated_key(node: yaml.Node) -> yaml.ScalarNode | None:
    """The first key that a mapping has twice."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    return key
                seen.add(key.value)
            if (found := _repeated_key(value)) is not None:
                return found
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if (found := _repeated_key(item)) is not None:
                return found
    return None


def _mend(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "value_error.missing":
        return "add the field"
    if kind == "value_error.extra":
        return f"remove it, or use one of: {', '.join(model.__fields__)}"
    if kind.endswith("enum"):
        allowed = error.get("ctx", {}).get("enum_values", [])
        return "use one of: " + ", ".join(str(getattr(value, "value", value)) for value in allowed)
    return "correct the value"
