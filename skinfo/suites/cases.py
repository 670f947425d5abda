"""Reading conversation tests: Rasa's end-to-end test format with Skinfo's own claims.

``docs/testing.md`` lists the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skinfo.content import ContentError, Document, Location, read_yaml
from skinfo.suites.assertions import Assertion
from skinfo.suites.claims import ClaimReader
from skinfo.suites.said import Stub
from skinfo.suites.vocabulary import Vocabulary, mend

SUFFIXES = (".yml", ".yaml")

_FILE_KEYS = ("version", "test_cases", "fixtures", "metadata", "stub_custom_actions")
_CASE_KEYS = ("test_case", "steps", "fixtures", "metadata", "known_failure")
_OLD_CLAIMS = ("bot", "utter", "slot_was_set", "slot_was_not_set")
_USER_KEYS = ("user", "assertions", "assertion_order_enabled", "metadata", "person")
_STEP_KEYS = (*_USER_KEYS, *_OLD_CLAIMS)
_STUB_KEYS = ("events", "responses", "unreachable")
#: Whoever speaks when a step does not say who.
SOMEBODY = "somebody"


@dataclass(frozen=True)
class Step:
    """What a person says, and what is claimed of the reply.

    Attributes:
        user: the text, or the title of a button under the last reply.
        assertions: in the order in which they stand.
        line: where the step stands in its file.
        in_order: whether the claims must come true in their order.
        metadata: of this message alone, over the case's.
        person: who speaks; each person has a conversation of their own.
    """

    user: str
    assertions: tuple[Assertion, ...]
    line: int
    in_order: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    person: str = SOMEBODY


@dataclass(frozen=True)
class Case:
    """A conversation with what is claimed of it.

    Attributes:
        slots: set before anything is said (``fixtures``).
        metadata: sent along with every message.
        stubs: what stands in for custom actions, by name.
        known_failure: why the bot of today fails it; None for a case that must pass.
    """

    name: str
    file: Path
    line: int
    steps: tuple[Step, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    known_failure: str | None = None


def suite_files(paths: Iterable[Path]) -> list[Path]:
    """The files with test cases at these paths, folders searched through, each once.

    Raises:
        ContentError: a path that is not there, or a named file without test cases.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for suffix in SUFFIXES for file in path.rglob(f"*{suffix}"))
            found.update(dict.fromkeys(file for file in sorted(inside) if holds_test_cases(file)))
        elif not path.exists():
            raise ContentError("there is no such file or folder", file=path, mend="correct the path")
        elif not holds_test_cases(path):
            raise ContentError("no `test_cases:` in it", file=path, mend="docs/testing.md shows the format")
        else:
            found[path] = None
    return list(found)


def holds_test_cases(file: Path) -> bool:
    """Whether a YAML file is a conversation-test suite, by its top-level key."""
    if file.suffix not in SUFFIXES or not file.is_file():
        return False
    try:
        with file.open(encoding="utf-8") as lines:
            return any(line.startswith(("test_cases:", '"test_cases":', "'test_cases':")) for line in lines)
    except (OSError, UnicodeDecodeError):
        return False


def read_cases(file: Path, vocabulary: Vocabulary) -> tuple[Case, ...]:
    """Read one file.

    Raises:
        ContentError: the first mistake, with file, line and the nearest known key or id.
    """
    return _FileReader(read_yaml(file), vocabulary).read()


class _FileReader:
    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._claims = ClaimReader(document, vocabulary)

    def read(self) -> tuple[Case, ...]:
        data = self._mapping(self._document.data, (), _FILE_KEYS, "a suite")
        if "test_cases" not in data:
            raise self._error("no `test_cases:` in it", (), "docs/testing.md shows the format")
        self._fixtures = self._named(data.get("fixtures"), ("fixtures",), "fixture")
        self._metadata = self._named(data.get("metadata"), ("metadata",), "metadata")
        stubs = self._stubs(data.get("stub_custom_actions"))
        at: Location = ("test_cases",)
        entries = self._list(data["test_cases"], at)
        if not entries:
            raise self._error("there is no test case in it", at, "add one: docs/testing.md shows the format")
        cases = []
        lines: dict[str, int | None] = {}
        for index, entry in enumerate(entries):
            case = self._case(entry, (*at, index), stubs)
            if case.name in lines:
                raise self._error(
                    f"the name {case.name!r} stands on line {lines[case.name]} too",
                    (*at, index, "test_case"),
                    "give each case a name of its own",
                )
            lines[case.name] = case.line
            cases.append(case)
        return tuple(cases)

    def _case(self, entry: Any, at: Location, stubs: Mapping[str, Stub]) -> Case:
        entry = self._mapping(entry, at, _CASE_KEYS, "a test case")
        name = self._text(entry, "test_case", at)
        if "steps" not in entry:
            raise self._error(f"{name!r} has no steps", at, "add `steps:` with at least one `- user: …`")
        steps = tuple(self._steps(entry["steps"], (*at, "steps")))
        return Case(
            name=name,
            file=self._document.file,
            line=self._line((*at, "test_case")),
            steps=steps,
            slots=self._looked_up(entry, "fixtures", self._fixtures, at),
            metadata=self._looked_up(entry, "metadata", self._metadata, at),
            stubs=_of_case(stubs, name),
            known_failure=self._text(entry, "known_failure", at) if "known_failure" in entry else None,
        )

    def _steps(self, steps: Any, at: Location) -> Iterator[Step]:
        open_step: dict[str, Any] | None = None
        for index, entry in enumerate(self._list(steps, at)):
            here = (*at, index)
            entry = self._mapping(entry, here, _STEP_KEYS, "a step")
            if "user" in entry:
                if open_step is not None:
                    yield Step(**open_step)
                open_step = self._user_step(entry, here)
            elif open_step is None:
                raise self._error(
                    "the first step must be what the person says", here, "start with `- user: …`"
                )
            else:
                for key in entry:
                    if key not in _OLD_CLAIMS:
                        raise self._error(
                            f"{key!r} belongs to a `user` step",
                            (*here, key),
                            "move it under the `- user:` above",
                        )
            assert open_step is not None
            for key in _OLD_CLAIMS:
                if key in entry:
                    open_step["assertions"] += tuple(self._claims.old_claim(key, entry[key], (*here, key)))
        if open_step is None:
            raise self._error("there is no step in it", at, "add at least one `- user: …`")
        yield Step(**open_step)

    def _user_step(self, entry: Mapping[str, Any], at: Location) -> dict[str, Any]:
        user = entry["user"]
        if isinstance(user, (int, float)) and not isinstance(user, bool):
            user = str(user)
        if not isinstance(user, str):
            raise self._error(
                f"`user` must be text, found {type(user).__name__}",
                (*at, "user"),
                'put quotes around it: user: "yes"',
            )
        person = self._text(entry, "person", at) if "person" in entry else SOMEBODY
        in_order = entry.get("assertion_order_enabled", False)
        if not isinstance(in_order, bool):
            raise self._error(
                "must be true or false", (*at, "assertion_order_enabled"), "write true or false"
            )
        assertions: list[Assertion] = []
        if "assertions" in entry:
            place = (*at, "assertions")
            for index, one in enumerate(self._list(entry["assertions"], place)):
                assertions += self._claims.claims(one, (*place, index))
        return {
            "user": user,
            "assertions": tuple(assertions),
            "line": self._line((*at, "user")),
            "in_order": in_order,
            "metadata": self._looked_up(entry, "metadata", self._metadata, at),
            "person": person,
        }

    def _stubs(self, value: Any) -> dict[str, Stub]:
        if value is None:
            return {}
        at: Location = ("stub_custom_actions",)
        if not isinstance(value, dict):
            raise self._error(
                "expected action names with what they return", at, "action_name: {events: [], responses: []}"
            )
        stubs = {}
        for name, entry in value.items():
            here = (*at, name)
            entry = self._mapping(entry, here, _STUB_KEYS, "a stub")
            stubs[str(name)] = Stub(
                events=tuple(self._list(entry.get("events") or [], (*here, "events"))),
                responses=tuple(self._list(entry.get("responses") or [], (*here, "responses"))),
                unreachable=bool(entry.get("unreachable", False)),
            )
        return stubs

    def _named(self, value: Any, at: Location, what: str) -> dict[str, dict[str, Any]]:
        """Top-level ``fixtures`` or ``metadata``: a list of names, each with keys and values."""
        named: dict[str, dict[str, Any]] = {}
        for index, entry in enumerate(self._list(value or [], at)):
            if not isinstance(entry, dict) or len(entry) != 1:
                raise self._error(
                    f"expected one name with its values as each {what}", (*at, index), "- name: …"
                )
            ((name, values),) = entry.items()
            if isinstance(values, list) and all(isinstance(one, dict) for one in values):
                values = {key: held for one in values for key, held in one.items()}
            if not isinstance(values, dict):
                raise self._error(
                    f"{name!r} must hold keys with values", (*at, index, name), f"- {name}:\n      key: value"
                )
            named[str(name)] = values
        return named

    def _looked_up(
        self, entry: Mapping[str, Any], key: str, known: Mapping[str, Mapping[str, Any]], at: Location
    ) -> dict[str, Any]:
        names = entry.get(key)
        if names is None:
            return {}
        found: dict[str, Any] = {}
        for name in names if isinstance(names, list) else [names]:
            if not isinstance(name, str) or name not in known:
                raise self._error(
                    f"{key}: {name!r} is not defined in this file",
                    (*at, key),
                    mend(str(name), known) if known else f"define it under a top-level `{key}:`",
                )
            found.update(known[name])
        return found

    def _mapping(self, value: Any, at: Location, keys: Iterable[str], what: str) -> dict[str, Any]:
        keys = tuple(keys)
        if not isinstance(value, dict):
            raise self._error(
                f"expected {what} with keys and values, found {type(value).__name__}",
                at,
                f"keys: {', '.join(keys)}",
            )
        for key in value:
            if key not in keys:
                raise self._error(f"unknown key {key!r} in {what}", (*at, key), mend(str(key), keys))
        return value

    def _list(self, value: Any, at: Location) -> list[Any]:
        if not isinstance(value, list):
            raise self._error("expected a list here", at, "start each entry with '- '")
        return value

    def _text(self, entry: Mapping[str, Any], key: str, at: Location) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            where = (*at, key) if key in entry else at
            raise self._error(f"`{key}` must be text", where, f"write `{key}: …`")
        return value.strip()

    def _line(self, at: Location) -> int:
        return self._document.line_of(at) or 1

    def _error(self, problem: str, at: Location, mend: str) -> ContentError:
        return self._document.error(problem, at=at, mend=mend)


def _of_case(stubs: Mapping[str, Stub], case: str) -> dict[str, Stub]:
    """A file's stubs for one case: ``case::action`` stands in for that case alone."""
    found = {name: stub for name, stub in stubs.items() if "::" not in name}
    for name, stub in stubs.items():
        owner, divider, action = name.partition("::")
        if divider and owner == case:
            found[action] = stub
    return found
