"""Understanding a message: the project's own spaCy pipeline, and what is read off its result."""

from skinfo.language.ages import AgeReader
from skinfo.language.clauses import is_asking, split_clauses, split_pieces
from skinfo.language.names import NameFinder, NamesFound
from skinfo.language.pipeline import (
    build_language,
    find_names,
    load_language,
    shared_rules,
    weigh_red_flags,
)
from skinfo.language.reading import FlagMention, Reading, read_doc
from skinfo.language.slips import Slip, mend, shared_mender
from skinfo.language.vocabulary import Vocabulary, plain_words

__all__ = [
    "AgeReader",
    "FlagMention",
    "NameFinder",
    "NamesFound",
    "Reading",
    "Slip",
    "Vocabulary",
    "build_language",
    "find_names",
    "is_asking",
    "load_language",
    "mend",
    "plain_words",
    "read_doc",
    "shared_mender",
    "shared_rules",
    "split_clauses",
    "split_pieces",
    "weigh_red_flags",
]
