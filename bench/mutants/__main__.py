"""The share of broken bots that the conversation tests notice: ``make mutants``.

The bot is loaded once; each mutant is applied in a forked process, where the suites are run until a
claim or a standing promise breaks. A mutant counts as caught when one does.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from rasa.core.actions.action import RemoteAction
from rich.console import Console

from bench.mutants.catalogue import CATALOGUE, Mutant
from skinfo.cli.train import prepare
from skinfo.content import ContentError
from skinfo.paths import facts_folder, project_folder
from skinfo.suites.cases import Case, read_cases, suite_files
from skinfo.suites.holding import Held, Holder
from skinfo.suites.in_process import InProcessTarget
from skinfo.suites.said import CannotSay
from skinfo.suites.vocabulary import Vocabulary

ENOUGH = 0.95
NOTHING = Mutant("nothing is broken")
console = Console(highlight=False)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        caught_by: the case that broke, with what broke first; empty when none did.
        case: its key.
        apologised: whether the breaking reply was the guard's apology.
        unusable: why it could not be tried.
        cases: how many cases were held.
    """

    mutant: str
    caught_by: str = ""
    case: str = ""
    apologised: bool = False
    unusable: str = ""
    cases: int = 0
    seconds: float = 0.0


def main() -> int:
    """Try every mutant and report; the exit code is 1 when too few are caught."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("-k", metavar="WORDS", default="", help="only mutants whose name holds these words")
    parser.add_argument("-n", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument(
        "--suites", type=Path, nargs="*", default=[project_folder() / "tests" / "conversations"]
    )
    parser.add_argument("--list", action="store_true", help="name the mutants and stop")
    options = parser.parse_args()
    mutants = [mutant for mutant in CATALOGUE if options.k.casefold() in mutant.name.casefold()]
    if options.list:
        for mutant in mutants:
            console.print(mutant.name, markup=False)
        return 0
    if not mutants:
        console.print(f"no mutant's name holds {options.k!r}")
        return 2
    prepare()
    files = suite_files(options.suites)
    target = InProcessTarget()
    # Rasa compiles the schema of an action's answer anew on every turn, which takes a third of it.
    RemoteAction._validate_action_result = lambda self, result: True
    began = time.perf_counter()
    (sound,) = _try_all(target, files, [NOTHING], 1)
    if sound.caught_by or sound.unusable:
        console.print(
            f"the suites fail with the bot as it is: {sound.caught_by or sound.unusable}", markup=False
        )
        console.print("mend that first (skinfo test); nothing was measured")
        return 2
    console.print(
        f"{sound.cases} cases hold with the bot as it is; {len(mutants)} mutants, {options.n} at once"
    )
    outcomes = []
    for outcome in _try_all(target, files, mutants, options.n):
        outcomes.append(outcome)
        mark = "?" if outcome.unusable else ("✓" if outcome.caught_by else "✗ SURVIVED")
        said = outcome.unusable or outcome.caught_by or f"{outcome.cases} cases held"
        also = " (by an apology)" if outcome.apologised else ""
        console.print(
            f"{len(outcomes):>3}/{len(mutants)} {outcome.seconds:5.1f} s {mark} {outcome.mutant}{also}\n"
            f"                {said}",
            markup=False,
            soft_wrap=True,
        )
    return _report(outcomes, time.perf_counter() - began)


def _report(outcomes: Sequence[Outcome], seconds: float) -> int:
    unusable = [outcome for outcome in outcomes if outcome.unusable]
    survivors = [outcome for outcome in outcomes if not outcome.unusable and not outcome.caught_by]
    tried = len(outcomes) - len(unusable)
    share = (tried - len(survivors)) / tried if tried else 0.0
    console.print()
    console.print(f"caught {tried - len(survivors)} of {tried} mutants: {share:.3f} ({seconds:.0f} s)")
    for outcome in survivors:
        console.print(f"survived: {outcome.mutant}", markup=False)
    for outcome in unusable:
        console.print(f"could not be tried: {outcome.mutant}: {outcome.unusable}", markup=False)
    if unusable:
        return 2
    return 0 if share >= ENOUGH else 1


def _try_all(
    target: InProcessTarget, files: Sequence[Path], mutants: Sequence[Mutant], at_once: int
) -> Iterator[Outcome]:
    """Each mutant's outcome, as they come."""
    context = multiprocessing.get_context("fork")
    waiting = list(reversed(mutants))
    # A case that caught one mutant often catches the next: held first, it spares the others.
    catchers: Counter[str] = Counter()
    running: dict[Connection, tuple[multiprocessing.process.BaseProcess, Mutant]] = {}
    while waiting or running:
        while waiting and len(running) < at_once:
            mutant = waiting.pop()
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_try, args=(target, files, mutant, dict(catchers), theirs))
            process.start()
            theirs.close()
            running[ours] = (process, mutant)
        for ready in wait(list(running)):
            assert isinstance(ready, Connection)
            process, mutant = running.pop(ready)
            try:
                outcome: Outcome = ready.recv()
            except EOFError:
                outcome = Outcome(mutant.name, unusable="its process ended without a word")
            process.join()
            if outcome.case:
                catchers[outcome.case] += 1
            yield outcome


def _try(
    target: InProcessTarget,
    files: Sequence[Path],
    mutant: Mutant,
    catchers: Mapping[str, int],
    out: Connection,
) -> None:
    began = time.perf_counter()
    # Failed turns are part of the game; what Rasa prints of them is not.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    with tempfile.TemporaryDirectory(prefix="skinfo-mutant-") as folder:
        try:
            outcome = _hold_all(target, files, mutant, catchers, Path(folder))
        except Exception as error:
            outcome = Outcome(mutant.name, unusable=f"{type(error).__name__}: {error}")
    out.send(Outcome(**{**vars(outcome), "seconds": time.perf_counter() - began}))
    out.close()
    # Threads of the parent do not exist here, and waiting for them would last for ever.
    os._exit(0)


def _hold_all(
    target: InProcessTarget,
    files: Sequence[Path],
    mutant: Mutant,
    catchers: Mapping[str, int],
    folder: Path,
) -> Outcome:
    facts = facts_folder()
    untouched = Vocabulary(facts)
    if mutant.edit is not None:
        facts = _edited(mutant, folder)
    target.restart_after_fork()
    if mutant.edit is not None:
        target.reload_content()
    if mutant.patch is not None:
        mutant.patch(target)
    vocabulary = Vocabulary(facts)
    holder = Holder(target, vocabulary)
    held = 0
    try:
        suites = [read_cases(file, vocabulary) for file in files]
    except ContentError:
        # A case names a fact or flag that is gone, and `skinfo test` would stop at that. What matters
        # is whether the bot's words give it away.
        suites = [read_cases(file, untouched) for file in files]
    for case in sorted(_one_of_each(suites), key=lambda case: -catchers.get(_key(case), 0)):
        if case.known_failure is not None:
            continue
        held += 1
        try:
            talk = holder.hold(case)
        except CannotSay as why:
            return Outcome(mutant.name, caught_by=f"{case.name}: {why}", cases=held)
        if not talk.is_kept:
            return _caught(mutant, talk, held, vocabulary)
    return Outcome(mutant.name, cases=held)


def _caught(mutant: Mutant, talk: Held, held: int, vocabulary: Vocabulary) -> Outcome:
    exchange = next(one for one in talk.exchanges if one.broken)
    check = exchange.broken[0]
    case = talk.case
    problem = check.problem[:150]
    sorry = vocabulary.phrases.wording.apology.split("{")[0].strip()
    return Outcome(
        mutant.name,
        caught_by=f"{case.file.parent.name}/{case.file.name}: {case.name}: {check.claim}: {problem}",
        case=_key(case),
        apologised=sorry[:40] in exchange.said.text,
        cases=held,
    )


def _edited(mutant: Mutant, folder: Path) -> Path:
    """A project folder like ours but with its own, edited facts; returns those."""
    root = project_folder()
    for entry in root.iterdir():
        if entry.name != "facts":
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(root / "facts", folder / "facts")
    assert mutant.edit is not None
    mutant.edit(folder / "facts")
    os.environ["SKINFO_HOME"] = str(folder)
    project_folder.cache_clear()
    return folder / "facts"


def _key(case: Case) -> str:
    return f"{case.file}::{case.name}"


def _one_of_each(suites: Sequence[Sequence[Case]]) -> Iterator[Case]:
    """Cases of all files in turn, the short ones first: what is broken shows sooner."""
    by_length = [sorted(suite, key=lambda case: len(case.steps)) for suite in suites]
    for row in itertools.zip_longest(*by_length):
        yield from (case for case in row if case is not None)


if __name__ == "__main__":
    sys.exit(main())
