"""A condition is added with facts and names only: no code, no training examples."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from skinfo.paths import project_folder

MADE_UP = """
id: glimmer_bumps
title: Glimmer bumps
name: glimmer bumps
plural: true
names: [glimmer bump, glimmerosis]
comparison:
  cause: Made up for a test
  where: Nowhere
  look: Like glimmer
  feel: Like nothing
  catching: "No"
  who: Nobody
  course: They never were
  sources: [cc_bumps]
facts:
  - id: glimmer_bumps.definition
    topic: definition
    text: Glimmer bumps are made up for a test.
    sources: [cc_bumps]
    grade: B
    status: served
    checked: 2026-11-23
    next_check: 2029-11-23
  - id: glimmer_bumps.contagious
    topic: contagious
    text: Glimmer bumps do not spread, as they do not exist.
    sources: [cc_bumps]
    grade: B
    status: served
    checked: 2026-11-23
    next_check: 2029-11-23
"""


def test_the_bot_answers_about_a_new_condition_after_training(tmp_path: Path) -> None:
    root = project_folder()
    home = tmp_path / "copy"
    for folder in ("facts", "data", "actions", "skinfo"):
        shutil.copytree(root / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(root / file, home)
    shutil.copytree(root / "models" / "encoder", home / "models" / "encoder")
    (home / "facts" / "conditions" / "glimmer_bumps.yml").write_text(MADE_UP, encoding="utf-8")
    (home / "in.jsonl").write_text(
        json.dumps({"id": "1", "turns": ["what is glimmerosis", "is it contagious?"]}), encoding="utf-8"
    )

    subprocess.run(
        [sys.executable, "-m", "skinfo", "ask", "--batch", "in.jsonl", "--out", "out.jsonl"],
        cwd=home,
        env={**os.environ, "SKINFO_HOME": str(home), "PYTHONPATH": str(home)},
        check=True,
        capture_output=True,
        timeout=600,
    )

    turns = json.loads((home / "out.jsonl").read_text(encoding="utf-8"))["turns"]
    assert [turn["answers"][0]["fact_ids"] for turn in turns] == [
        ["glimmer_bumps.definition"],
        ["glimmer_bumps.contagious"],
    ]
    assert "do not exist" in turns[1]["text"]
