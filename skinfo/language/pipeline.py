"""The project's spaCy pipeline: blank English and our own components.

Names, places and red flags are read from ``facts/`` each time the pipeline is loaded, so the
saved pipeline never holds an old copy of the content.

This module does without postponed annotations: spaCy resolves a factory's at run time.
"""

import logging
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from skinfo.encoder import SentenceEncoder
from skinfo.facts import FactStore
from skinfo.language.clauses import is_asking, split_clauses
from skinfo.language.names import NameFinder, NamesFound
from skinfo.language.reading import NAMES, FlagMention, Reading
from skinfo.language.slips import shared_mender
from skinfo.paths import encoder_folder, facts_folder, red_flag_model
from skinfo.red_flags import LearnedDetector, RedFlagDetector, RedFlagMention, WeighedDetector, load_red_flags

READER = "skinfo_reader"
logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def shared_store() -> FactStore:
    """The project's fact store, read once in a process."""
    return FactStore.load(facts_folder())


@lru_cache(maxsize=1)
def shared_names() -> NameFinder:
    """The finder of names in the project's own store, made once in a process."""
    return NameFinder.from_store(shared_store(), facts_folder())


def find_names(text: str) -> NamesFound:
    """What a text names: for clauses, whose red flags were found in the whole message."""
    return shared_names().find(text)


@lru_cache(maxsize=1)
def shared_rules() -> RedFlagDetector:
    """The rules of the project's own red flags, which need nothing learned, compiled once in a process."""
    return RedFlagDetector(load_red_flags(facts_folder() / "red_flags"))


@lru_cache(maxsize=1)
def shared_detector() -> WeighedDetector:
    """The detector of the project's own red flags, made once in a process.

    Before anything was trained it goes by the rules alone, which find far less, and says so.
    """
    rules = shared_rules()
    learned = None
    if red_flag_model().is_file():
        encode = SentenceEncoder.shared(encoder_folder()).encode
        learned = LearnedDetector.load(red_flag_model(), encode, shared_mender().mend)
    else:
        logger.warning("Red flags go by rules alone: nothing was learned yet. Run `skinfo train`.")
    return WeighedDetector(rules.flags, rules, learned)


def weigh_red_flags(text: str) -> tuple[tuple[RedFlagMention, ...], float | None]:
    """The red flags of a text, and the log-odds that there is one: for measurements."""
    weighed = shared_detector().weigh(text)
    return weighed.mentions, weighed.any_flag


class MessageReader:
    """Makes a doc's `Reading` available as ``doc._.reading``.

    It is worked out when it is first asked for: training reads thousands of docs and asks for none.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Spare the first message the loading of names and rules; spaCy calls this for every doc."""
        shared_names()
        shared_detector()
        return doc


def _read(doc: Doc) -> Reading:
    reading: Reading | None = doc.user_data.get(READER)
    if reading is None:
        found = doc.user_data.get(NAMES) or find_names(doc.text)
        mentions = shared_detector().detect(doc)
        reading = Reading(
            conditions=found.conditions,
            subtype=found.subtype,
            shared=found.shared,
            implied=found.implied,
            two_names=found.two_names,
            kinds=found.kinds,
            signposts=found.signposts,
            signposts_told=_only_told(doc.text, found.signposts),
            contexts=found.contexts,
            red_flags=tuple(
                FlagMention(mention.id, mention.urgency)
                for mention in mentions
                if mention.status == "present"
            ),
            denied_flags=tuple(mention.id for mention in mentions if mention.status == "denied"),
            past_crisis=any(mention.kind == "crisis" and mention.status == "past" for mention in mentions),
            follow_up=found.follow_up,
            about_skin=found.about_skin,
        )
        doc.user_data[READER] = reading
    return reading


def _only_told(text: str, signposts: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the signposts stand only in what is told, where another clause asks."""
    clauses = [text[start:end] for start, end in split_clauses(text)] if signposts else []
    asking = [clause for clause in clauses if is_asking(clause)]
    if not asking or len(asking) == len(clauses):
        return ()
    asked_about = {signpost for clause in asking for signpost in find_names(clause).signposts}
    return tuple(signpost for signpost in signposts if signpost not in asked_about)


if not Doc.has_extension("reading"):
    Doc.set_extension("reading", getter=_read)


@Language.factory(READER)
def _create_reader(nlp: Language, name: str) -> MessageReader:
    return MessageReader()


def build_language(folder: Path) -> None:
    """Save the pipeline to `folder`, where Rasa's SpacyNLP loads it from."""
    nlp = spacy.blank("en")
    nlp.add_pipe(READER)
    nlp.meta["name"] = "skinfo"
    folder.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)


@lru_cache(maxsize=1)
def load_language() -> Language:
    """The pipeline in this process, without Rasa and without a saved copy."""
    nlp = spacy.blank("en")
    nlp.add_pipe(READER)
    return nlp
