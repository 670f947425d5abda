"""How often everyday text is taken for a red flag: ``python -m bench.everyday_texts ARCHIVE``.

The texts are by people who never heard of this project: tweets, and sentences of product and film
reviews, that were collected for measuring sentiment (Hutto & Gilbert, 2014, "VADER", ICWSM). Hardly one
is an emergency, so nearly all that is raised is a false alarm. They come with the source archive of a
package, which this command reads and does not unpack::

    pip download --no-deps --no-binary :all: vaderSentiment==3.3.2
    python -m bench.everyday_texts vaderSentiment-3.3.2.tar.gz

They measure; nothing is learned from them and none is kept.
"""

from __future__ import annotations

import html
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from skinfo.evaluation.intervals import share
from skinfo.language.pipeline import shared_detector

_INNER = "additional_resources/hutto_ICWSM_2014.tar.gz"
_FILES = {
    "tweets": "tweets_GroundTruth.txt",
    "product reviews": "amazonReviewSnippets_GroundTruth.txt",
    "film reviews": "movieReviewSnippets_GroundTruth.txt",
}
_LIKELIEST = 3


def texts(archive: Path) -> dict[str, list[str]]:
    """The texts of each kind.

    Raises:
        SystemExit: the archive is missing, or another.
    """
    found: dict[str, list[str]] = {}
    try:
        with tarfile.open(archive) as outer:
            inner = next(member for member in outer if member.name.endswith(_INNER))
            with tarfile.open(fileobj=outer.extractfile(inner)) as resources:
                for member in resources:
                    for kind, name in _FILES.items():
                        if member.name.endswith(name):
                            found[kind] = list(_lines(resources.extractfile(member)))
    except (OSError, tarfile.TarError, StopIteration) as error:
        raise SystemExit(
            f"error: {archive} is not the source archive of vaderSentiment ({error!r})\n"
            "  mend: run `pip download --no-deps --no-binary :all: vaderSentiment==3.3.2`"
        ) from None
    return found


def _lines(file: IO[bytes] | None) -> Iterator[str]:
    """The third column: number, rating, text."""
    for line in file or ():
        columns = line.decode("utf-8", "replace").rstrip("\n").split("\t")
        if len(columns) > 2:
            yield html.unescape(columns[2])


def main(
    archive: Annotated[Path, typer.Argument(help="The source archive of vaderSentiment.")],
    every: Annotated[int, typer.Option(help="Take every so many-th text.", min=1)] = 1,
) -> None:
    """Print the share of texts that raise a red flag, and which flags they raise."""
    detector = shared_detector()
    table = Table("texts", "raised (95 % interval)", "mostly")
    for kind, some in texts(archive).items():
        chosen = some[::every]
        flags: Counter[str] = Counter()
        raised = []
        for number, text in enumerate(track(chosen, description=kind, transient=True)):
            present = [one.id for one in detector.weigh(text).mentions if one.status == "present"]
            raised.append((str(number), bool(present)))
            flags.update(present[:1])
        mostly = ", ".join(f"{flag} {count}" for flag, count in flags.most_common(_LIKELIEST))
        table.add_row(kind, str(share(raised)), mostly)
    Console(highlight=False, width=140).print(table)


if __name__ == "__main__":
    typer.run(main)
