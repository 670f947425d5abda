"""Understanding a message: the project's own spaCy pipeline, and what is read off its result."""

from skinfo.language.clauses import is_asking, split_clauses
from skinfo.language.pipeline import build_language, load_language
from skinfo.language.reading import FlagMention, NamedThing, Reading, read_doc

__all__ = [
    "FlagMention",
    "NamedThing",
    "Reading",
    "build_language",
    "is_asking",
    "load_language",
    "read_doc",
    "split_clauses",
]
