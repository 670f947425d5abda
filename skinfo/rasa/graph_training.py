"""Training a Rasa model with Rasa's own graph, without its fingerprints.

`rasa.model_training.train` hashes the training data, features and all, after each component, to know
next time which need not learn again. Here files are compared instead (`skinfo.rasa.training`), and
everything learns or nothing does: the hashes would be a quarter of the time, for nobody.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Sequence
from pathlib import Path

import rasa.engine.validation
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.training.hooks import LoggingHook
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import E2EImporter, ResponsesSyncImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


def train_graph(config: Path, domain: Path, data: Sequence[Path], model: Path) -> None:
    """Train a model of understanding and of rules, and write it.

    Args:
        config: Rasa's ``config.yml``, which names its whole pipeline and its policies.
        domain: Rasa's ``domain.yml``.
        data: files and folders of examples and rules.
        model: the ``.tar.gz`` to write.

    Raises:
        RasaException: a file, or the pipeline that it describes, is not as Rasa wants it.
    """
    files = _FilesReadOnce(str(config), str(domain), list(map(str, data)))
    # Rasa keeps them in a set, whose order is another in each process, and so would be what is learned.
    files._nlu_files.sort()
    files._story_files.sort()
    importer = _ReadingOnce(ResponsesSyncImporter(files))
    settings = importer.get_config()
    graph = Recipe.recipe_for_name(settings.get("recipe")).graph_config_for_recipe(
        settings, {}, training_type=TrainingType.BOTH
    )
    rasa.engine.validation.validate(graph)
    # As it is before learning: a component may change it.
    described = copy.deepcopy(importer.get_domain())
    with tempfile.TemporaryDirectory() as scratch:
        storage = LocalModelStorage(Path(scratch))
        runner = DaskGraphRunner.create(
            graph.train_schema,
            storage,
            ExecutionContext(graph_schema=graph.train_schema),
            hooks=[LoggingHook(pruned_schema=graph.train_schema)],
        )
        runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        storage.create_model_package(model, graph, described)


class _FilesReadOnce(RasaFileImporter):
    """Rasa's importer of files, which it asks for the examples twice: for themselves and for the domain."""

    def __init__(self, config: str, domain: str, data: list[str]) -> None:
        super().__init__(config, domain, data)
        self._read: dict[str | None, TrainingData] = {}

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all files."""
        if language not in self._read:
            self._read[language] = super().get_nlu_data(language)
        return self._read[language]


class _ReadingOnce(E2EImporter):
    """What Rasa puts around an importer; its own reads everything anew when asked with a language."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples, whose language we know."""
        return super().get_nlu_data()
