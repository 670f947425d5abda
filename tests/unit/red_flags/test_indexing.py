"""Looking rules up by a word finds all that trying every rule would find."""

import random
import re
from collections.abc import Iterable

import pytest
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from skinfo.paths import project_folder
from skinfo.red_flags import RedFlagRules, read_messages
from skinfo.red_flags.indexing import ConceptIndex, TokenMatcher
from skinfo.red_flags.normalising import Normaliser, PlainText
from skinfo.red_flags.phrases import TokenTest, concept_pattern, known_words, token_patterns


@pytest.fixture(scope="module")
def messages(rules: RedFlagRules) -> list[PlainText]:
    """Messages that nobody trained on, as the detector reads them."""
    lexicon = rules.lexicon
    phrases = [phrase for concept in lexicon.concepts.values() for phrase in concept.phrases]
    normalise = Normaliser(*known_words(phrases, lexicon.groups), lexicon.spelled_the_same, lexicon.not_slips)
    files = sorted((project_folder() / "tests" / "red_flag_messages").glob("*.yml"))
    known = frozenset(flag.id for flag in rules.flags)
    return [normalise(message.text) for message in read_messages(files, known)]


def test_a_concept_that_is_in_a_message_is_found_by_its_words(
    rules: RedFlagRules, messages: list[PlainText]
) -> None:
    groups = rules.lexicon.groups
    phrases = {name: concept.phrases for name, concept in rules.concepts.items()}
    index = ConceptIndex(phrases.items(), groups)
    patterns = {name: concept_pattern(some, groups) for name, some in phrases.items()}
    found = 0
    for message in messages:
        text, _ = message.joined()
        possible = index.possible(message.words)
        there = {name for name, pattern in patterns.items() if pattern.search(text)}
        assert there <= possible, text
        found += len(there)
    assert found > len(messages), "too few concepts to show anything"


def test_a_concept_is_possible_only_where_every_word_of_a_phrase_is() -> None:
    index = ConceptIndex(
        [("red_line", ["{red} line|streak ... arm", "arm is striped*"])], {"red": ("red", "pink")}
    )
    assert index.possible(["a", "streak", "so", "pink", "up", "his", "arm"]) == {"red_line"}
    assert index.possible(["my", "arm", "is", "striped"]) == {"red_line"}
    assert index.possible(["a", "red", "line", "on", "the", "road"]) == set()
    assert index.possible(["the", "arm", "is", "red"]) == set()


def test_context_phrases_match_where_spacys_matcher_finds_them(
    rules: RedFlagRules, messages: list[PlainText]
) -> None:
    patterns = [pattern for _, phrase in _context_phrases(rules) for pattern in token_patterns(phrase)]
    random.Random(7).shuffle(patterns)
    patterns = patterns[:400]
    nlp = spacy.blank("en")
    oracle = Matcher(nlp.vocab)
    for number, pattern in enumerate(patterns):
        oracle.add(str(number), [[_as_spacy(test) for test in pattern]])
    matcher = TokenMatcher(patterns)
    found = 0
    for message in messages[::3]:
        tokens = [word for word in message.words if word.strip()]
        doc = Doc(nlp.vocab, words=tokens, sent_starts=[place == 0 for place in range(len(tokens))])
        expected = {(int(nlp.vocab.strings[rule]), start, end) for rule, start, end in oracle(doc)}
        assert set(matcher(tokens)) == expected, tokens
        found += len(expected)
    assert found > 100, "too few matches to show anything"


def test_a_pause_ends_the_gap_of_a_context_phrase() -> None:
    matcher = TokenMatcher(token_patterns("what ... symptoms"))
    assert matcher(["what", "are", "the", "symptoms"])
    assert not matcher(["what", ",", "the", "symptoms"])


def test_a_first_word_counts_only_at_the_start_of_a_sentence() -> None:
    matcher = TokenMatcher(token_patterns("^is it"))
    assert matcher(["is", "it", "bad"]) == [(0, 0, 2)]
    assert not matcher(["what", "is", "it"])


def test_which_of_equally_near_words_is_read_does_not_depend_on_the_start() -> None:
    near = [f"swollen{letter}" for letter in "qwertyuiop"]
    assert Normaliser(near, (), {})("swollenz").words == ("swollene",)


def _context_phrases(rules: RedFlagRules) -> Iterable[tuple[object, str]]:
    return [
        (at, phrase) for at, phrase in rules.context.phrases() if at[0] != "figurative" and "unless" not in at
    ]


def _as_spacy(test: TokenTest) -> dict[str, object]:
    if test.filler:
        return {"LOWER": {"NOT_IN": [",", "."]}}
    choices = [f"{re.escape(word)}$" for word in sorted(test.whole)] + [
        re.escape(word) for word in test.begun
    ]
    token: dict[str, object] = {"LOWER": {"REGEX": f"^(?:{'|'.join(choices)})"}}
    return {**token, "IS_SENT_START": True} if test.first else token
