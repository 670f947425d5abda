"""Everything shipped is listed with a licence that may be shipped."""

from __future__ import annotations

import json

from supply_chain.licences import PAGE, ROOT, Policy, Shipped, page, python_packages, widget_packages


def test_the_list_is_the_one_of_the_locks_and_nothing_in_it_is_objected_to() -> None:
    policy = Policy.read()
    python = python_packages(policy)
    lock = json.loads((ROOT / "widget" / "package-lock.json").read_text(encoding="utf-8"))
    widget = widget_packages(lock)

    assert len(python) > 150 and widget
    assert not policy.objections([*python, *widget])
    assert PAGE.read_text(encoding="utf-8") == page(python, widget, policy), "run `make licences`"


def test_an_unknown_or_forbidden_licence_is_objected_to() -> None:
    policy = Policy.read()
    for licence in (
        "UNKNOWN",
        "Proprietary",
        "GNU General Public License v3",
        "AGPL-3.0",
        "MIT; Proprietary",
        "",
    ):
        assert policy.objections([Shipped("x", "1", licence)]), licence
    for licence in ("MIT", "Apache-2.0 OR BSD-3-Clause", "BSD License; Apache Software License", "PSF-2.0"):
        assert not policy.objections([Shipped("x", "1", licence)]), licence
