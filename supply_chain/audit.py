"""Known vulnerabilities in the locked dependencies: ``make audit``.

Asks the package indexes themselves, through pip-audit and npm. Exit code 0: nothing that is not
accepted. 1: a finding, or an acceptance whose day has come. 2: an index did not answer, so that
nothing can be said; that is never taken for "nothing found".
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = Path(__file__).with_name("accepted.yml")
#: Needs a newer packaging than Rasa allows, so it runs in an environment of its own.
PIP_AUDIT = "pip-audit==2.10.1"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


class NotAnswered(Exception):
    """An index gave no answer; says which and why."""


class AcceptedUnusable(ValueError):
    """A mistake in the file of accepted findings."""


@dataclass(frozen=True)
class Finding:
    """A known vulnerability of a locked package."""

    id: str
    package: str
    version: str
    aliases: tuple[str, ...] = ()
    fixed_in: tuple[str, ...] = ()

    def __str__(self) -> str:
        mend = f"lift it to {' or '.join(self.fixed_in)}" if self.fixed_in else "no release mends it yet"
        return f"{self.package} {self.version}: {self.id} ({mend})"


@dataclass(frozen=True)
class Acceptance:
    """A finding that is borne until a day."""

    id: str
    package: str
    reason: str
    look_again: date

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding, under any of its names."""
        return self.package == finding.package and self.id in (finding.id, *finding.aliases)


@dataclass(frozen=True)
class Judgement:
    """What is to be done."""

    open: tuple[Finding, ...]
    expired: tuple[Acceptance, ...]
    accepted: tuple[Finding, ...]
    unused: tuple[Acceptance, ...]

    @property
    def passes(self) -> bool:
        """Nothing is open."""
        return not (self.open or self.expired)


def judge(findings: Iterable[Finding], acceptances: Sequence[Acceptance], today: date) -> Judgement:
    """Hold findings against what is accepted."""
    found = tuple(findings)
    covered = tuple(finding for finding in found if any(one.covers(finding) for one in acceptances))
    used = tuple(one for one in acceptances if any(one.covers(finding) for finding in found))
    return Judgement(
        open=tuple(finding for finding in found if finding not in covered),
        expired=tuple(one for one in used if one.look_again <= today),
        accepted=covered,
        unused=tuple(one for one in acceptances if one not in used),
    )


def read_acceptances(file: Path = ACCEPTED) -> tuple[Acceptance, ...]:
    """Read the file of accepted findings.

    Raises:
        AcceptedUnusable: with the entry and the mend.
    """
    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    read = []
    for number, entry in enumerate(entries, start=1):
        try:
            one = Acceptance(**entry)
        except TypeError:
            raise AcceptedUnusable(
                f"{file}: entry {number}: needs id, package, reason and look_again, and nothing else"
            ) from None
        if not isinstance(one.look_again, date) or not str(one.reason).strip():
            raise AcceptedUnusable(
                f"{file}: entry {number}: look_again is a day (2027-01-31), reason a sentence"
            )
        read.append(one)
    return tuple(read)


def python_findings(run: Run, uv: str) -> list[Finding]:
    """What the Python index knows of the locked packages.

    Raises:
        NotAnswered: it cannot be asked, or does not know a package.
    """
    locked = run(
        [uv, "export", "--quiet", "--locked", "--all-groups", "--no-emit-project", "--no-hashes"]
        + ["--no-annotate", "--no-header", "--format", "requirements.txt"]
    )
    if locked.returncode:
        raise NotAnswered(f"uv could not export the lock: {_last(locked.stderr)}")
    lines = [line for line in locked.stdout.splitlines() if line.strip()]
    # One package first: where the index has no such data, the others need not be asked for.
    _ask_pip_audit(run, uv, [next(line for line in lines if line.startswith("rasa=="))])
    return _ask_pip_audit(run, uv, lines)


def _ask_pip_audit(run: Run, uv: str, requirements: Sequence[str]) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        asked = run(
            [uv, "tool", "run", "--from", PIP_AUDIT, "pip-audit", "--requirement", str(file), "--no-deps"]
            + [
                "--disable-pip",
                "--vulnerability-service",
                "pypi",
                "--format",
                "json",
                "--progress-spinner",
                "off",
            ]
        )
    try:
        answer = json.loads(asked.stdout)
    except ValueError:
        raise NotAnswered(f"pip-audit did not answer: {_last(asked.stderr)}") from None
    return read_pip_audit(answer)


def read_pip_audit(answer: Mapping[str, Any]) -> list[Finding]:
    """Findings in pip-audit's JSON.

    Raises:
        NotAnswered: a package was skipped; pip-audit itself calls that "no known vulnerabilities".
    """
    packages = answer["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped:
        raise NotAnswered(
            f"the Python index has no vulnerability data on {len(skipped)} of {len(packages)} packages "
            f"({', '.join(skipped[:5])}{', …' if len(skipped) > 5 else ''})"
        )
    return [
        Finding(
            id=found["id"],
            package=package["name"],
            version=package["version"],
            aliases=tuple(found.get("aliases", ())),
            fixed_in=tuple(found.get("fix_versions", ())),
        )
        for package in packages
        for found in package.get("vulns", ())
    ]


def npm_findings(run: Run) -> list[Finding]:
    """What the npm index knows of the widget's locked packages.

    Raises:
        NotAnswered: it cannot be asked.
    """
    asked = run(["npm", "audit", "--package-lock-only", "--json"], cwd=ROOT / "widget")
    try:
        return read_npm_audit(json.loads(asked.stdout))
    except ValueError:
        raise NotAnswered(f"npm did not answer: {_last(asked.stderr)}") from None


def read_npm_audit(answer: Mapping[str, Any]) -> list[Finding]:
    """Findings in npm's JSON.

    Raises:
        NotAnswered: it holds an error instead.
    """
    if "vulnerabilities" not in answer:
        said = answer.get("message") or answer.get("error") or "an answer of unknown form"
        raise NotAnswered(f"the npm index did not answer: {said}")
    return [
        Finding(
            id=str(via["url"]).rsplit("/", 1)[-1],
            package=str(via.get("name", name)),
            version=str(via.get("range", "?")),
        )
        for name, package in answer["vulnerabilities"].items()
        for via in package["via"]
        if isinstance(via, Mapping)
    ]


def main(today: date | None = None, run: Run | None = None) -> int:
    """Audit, print, and give the exit code."""
    run = run or _run
    today = today or date.today()
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    try:
        acceptances = read_acceptances()
    except AcceptedUnusable as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    findings: list[Finding] = []
    silent: list[str] = []
    asks: tuple[Callable[[], list[Finding]], ...] = (
        partial(python_findings, run, uv),
        partial(npm_findings, run),
    )
    for ask in asks:
        try:
            findings += ask()
        except NotAnswered as error:
            silent.append(str(error))
    judgement = judge(findings, acceptances, today)
    for finding in judgement.open:
        print(
            f"FOUND     {finding}\n          lift it, or accept it with a reason and a day in {ACCEPTED.name}"
        )
    for one in judgement.expired:
        print(
            f"EXPIRED   {one.package}: {one.id}: look again, accepted until {one.look_again} ({one.reason})"
        )
    for finding in judgement.accepted:
        print(f"accepted  {finding}")
    if not silent:
        for one in judgement.unused:
            print(f"note      {one.package}: {one.id} is no longer found; take it out of {ACCEPTED.name}")
    for reason in silent:
        print(f"error: not audited: {reason}", file=sys.stderr)
    if not judgement.passes:
        return 1
    if silent:
        return 2
    print(f"{len(judgement.accepted)} findings, all accepted." if judgement.accepted else "Nothing found.")
    return 0


def _run(command: Sequence[str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
