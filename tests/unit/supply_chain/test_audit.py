"""A known vulnerability fails the audit until it is lifted or accepted; silence of an index is no pass."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from supply_chain import audit

TODAY = date(2026, 11, 24)
FOUND = audit.Finding("PYSEC-2024-1", "sanic", "21.12.2", ("CVE-2024-1", "GHSA-aaaa-bbbb-cccc"), ("22.6.1",))


def accepted(
    id_: str = "CVE-2024-1", package: str = "sanic", until: date = date(2027, 1, 1)
) -> audit.Acceptance:
    return audit.Acceptance(id_, package, "Rasa pins it.", until)


def test_a_finding_fails_until_it_is_accepted_under_any_of_its_names() -> None:
    assert audit.judge([FOUND], [], TODAY).open == (FOUND,)
    for name in ("PYSEC-2024-1", "CVE-2024-1", "GHSA-aaaa-bbbb-cccc"):
        assert audit.judge([FOUND], [accepted(name)], TODAY).passes
    assert not audit.judge([FOUND], [accepted(package="aiohttp")], TODAY).passes


def test_an_acceptance_whose_day_has_come_fails() -> None:
    assert audit.judge([FOUND], [accepted(until=date(2026, 11, 25))], TODAY).passes
    judged = audit.judge([FOUND], [accepted(until=TODAY)], TODAY)
    assert not judged.passes
    assert judged.expired[0].id == "CVE-2024-1"


def test_an_acceptance_of_what_is_no_longer_found_is_named() -> None:
    judged = audit.judge([], [accepted()], TODAY)
    assert judged.passes
    assert judged.unused == (accepted(),)


# As pip-audit 2.10.1 prints it.
PIP_AUDIT = {
    "dependencies": [
        {
            "name": "sanic",
            "version": "21.12.2",
            "vulns": [
                {
                    "id": "PYSEC-2024-1",
                    "fix_versions": ["22.6.1"],
                    "aliases": ["CVE-2024-1", "GHSA-aaaa-bbbb-cccc"],
                    "description": "…",
                }
            ],
        },
        {"name": "rasa", "version": "3.6.21", "vulns": []},
    ],
    "fixes": [],
}
# What it prints, with exit code 0, when the index has no such data.
SKIPPED = {
    "dependencies": [
        {"name": "rasa", "skip_reason": "Dependency not found on PyPI and could not be audited"}
    ],
    "fixes": [],
}
NPM = {
    "vulnerabilities": {
        "vite": {
            "name": "vite",
            "via": [
                {
                    "name": "vite",
                    "url": "https://github.com/advisories/GHSA-xxxx-yyyy-zzzz",
                    "range": "<7.3.1",
                },
                "esbuild",
            ],
        }
    }
}
NPM_REFUSED = {"message": "405 Method Not Allowed", "error": {"summary": "", "detail": ""}}


def test_findings_are_read_from_what_the_tools_print() -> None:
    assert audit.read_pip_audit(PIP_AUDIT) == [FOUND]
    (found,) = audit.read_npm_audit(NPM)
    assert (found.id, found.package) == ("GHSA-xxxx-yyyy-zzzz", "vite")


def test_a_skipped_package_is_not_a_clean_one() -> None:
    with pytest.raises(audit.NotAnswered, match="rasa"):
        audit.read_pip_audit(SKIPPED)
    with pytest.raises(audit.NotAnswered, match="405"):
        audit.read_npm_audit(NPM_REFUSED)


class Tools:
    """Stands for uv and npm."""

    def __init__(self, pip: Any, npm: Any) -> None:
        self.pip, self.npm = pip, npm

    def __call__(self, command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if command[0] == "npm":
            out = json.dumps(self.npm)
        elif "export" in command:
            out = "rasa==3.6.21\nsanic==21.12.2 ; sys_platform == 'linux'\n"
        else:
            out = json.dumps(self.pip)
        return subprocess.CompletedProcess(command, 0, out, "")


@pytest.mark.parametrize(
    ("pip", "npm", "file", "code"),
    [
        ({**PIP_AUDIT, "dependencies": []}, {"vulnerabilities": {}}, "[]", 0),
        (PIP_AUDIT, {"vulnerabilities": {}}, "[]", 1),
        (
            PIP_AUDIT,
            {"vulnerabilities": {}},
            "- {id: CVE-2024-1, package: sanic, reason: R, look_again: 2027-01-01}",
            0,
        ),
        (
            PIP_AUDIT,
            {"vulnerabilities": {}},
            "- {id: CVE-2024-1, package: sanic, reason: R, look_again: 2026-11-24}",
            1,
        ),
        (PIP_AUDIT, NPM_REFUSED, "[]", 1),
        (SKIPPED, {"vulnerabilities": {}}, "[]", 2),
        ({**PIP_AUDIT, "dependencies": []}, NPM_REFUSED, "[]", 2),
        (PIP_AUDIT, NPM, "- {id: CVE-2024-1, package: sanic}", 2),
        (PIP_AUDIT, NPM, "- {id: CVE-2024-1, package: sanic, reason: R, look_again: soon}", 2),
    ],
)
def test_the_exit_code_says_what_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pip: Any, npm: Any, file: str, code: int
) -> None:
    (tmp_path / "accepted.yml").write_text(file, encoding="utf-8")
    read = audit.read_acceptances
    monkeypatch.setattr(audit, "read_acceptances", lambda: read(tmp_path / "accepted.yml"))

    assert audit.main(TODAY, Tools(pip, npm)) == code


def test_the_project_s_own_acceptances_can_be_read() -> None:
    audit.read_acceptances()
