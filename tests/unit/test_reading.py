"""What is read in a message: names, places, stages of life."""

import pytest

from skinfo.language import (
    Reading,
    find_names,
    is_asking,
    load_language,
    read_doc,
    split_clauses,
    split_pieces,
)


def read(text: str) -> Reading:
    return read_doc(load_language()(text))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("what is milia", "milia"),
        ("are milk spots bad", "milia"),
        ("a MILIUM on my cheek", "milia"),
        ("whats a coldsore", "cold_sores"),
        ("cold sores again", "cold_sores"),
        ("my zits are back", "acne"),
        ("cystic acne", "acne"),
        ("genital herpes test", "genital_herpes"),
        ("moluscum on my son", "molluscum"),
        ("is a rodent ulcer bad", "basal_cell_carcinoma"),
        ("kp on my arms", "keratosis_pilaris"),
    ],
)
def test_people_s_names_for_a_condition_are_known(text: str, condition: str) -> None:
    assert read(text).conditions == (condition,)


@pytest.mark.parametrize("text", ["millia", "mila?", "herpies on the lip", "coldsoar", "accne"])
def test_small_slips_of_spelling_are_forgiven(text: str) -> None:
    reading = read(text)

    assert reading.conditions or reading.shared


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("what is nilia", "milia"),
        ("can mlia be popped", "milia"),
        ("is acnee catching", "acne"),
        ("a cold sroe", "cold_sores"),
        ("mlik spots on his nose", "milia"),
        ("do fever blsiters scar", "cold_sores"),
        ("keratin perals", "milia"),
        ("is a cold ore catching", "cold_sores"),
        ("my cld sore", "cold_sores"),
        ("are skin tasg common", "skin_tags"),
        ("genital wartts", "genital_warts"),
        ("a clodsore", "cold_sores"),
        ("how do mlk spt go", "milia"),
        ("wkin tasg on my neck", "skin_tags"),
        ("my wtye is huge", "stye_chalazion"),
        ("does keratosks pilaris itch", "keratosis_pilaris"),
        ("sebaceos hyperplasia", "sebaceous_hyperplasia"),
        ("are skin tgs dangerous", "skin_tags"),
        ("my bbay has milk spotts", "milia"),
        ("tell me how ane is treated", "acne"),
    ],
)
def test_a_slip_is_forgiven_in_short_names_and_in_any_word_of_a_name(text: str, condition: str) -> None:
    assert read(text).conditions == (condition,)


@pytest.mark.parametrize(
    "text",
    [
        "a site about style",
        "what a waste",
        "I have milk",
        "cold store",
        "acre",
        "waht is it",
        "grout",
        "lije that",
        "old ores",
        "the modern arts",
    ],
)
def test_a_common_word_is_never_taken_for_a_slip(text: str) -> None:
    reading = read(text)

    assert not (reading.conditions or reading.shared or reading.signposts)


@pytest.mark.parametrize(
    "text",
    ["my family has similar skin", "the military base", "a cold in winter", "helps a lot", "i hope so"],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    reading = read(text)

    assert not reading.conditions
    assert not reading.shared


@pytest.mark.parametrize(
    ("text", "signpost"),
    [("acne rosacea", "rosacea"), ("is it fungal acne", "fungal_acne"), ("what is ringworm", "ringworm")],
)
def test_the_longest_name_wins_so_other_conditions_are_not_ours(text: str, signpost: str) -> None:
    reading = read(text)

    assert not reading.conditions
    assert signpost in reading.signposts


def test_what_is_only_likened_to_a_condition_is_not_named() -> None:
    assert not read("pimple-like bumps on my chest").conditions
    assert not read("a herpes looking sore").shared


def test_a_form_of_a_condition_is_signposted_and_answered_too() -> None:
    reading = read("how do i treat acne scars")
    assert reading.conditions == ("acne",)
    assert len(reading.signposts) == 1
    assert read("how do i treat scars").signposts == ("scars",)


def test_bare_herpes_means_both_until_a_place_settles_it() -> None:
    assert set(read("is herpes catching").shared) == {"cold_sores", "genital_herpes"}
    assert read("herpes on my lip").conditions == ("cold_sores",)
    assert read("herpes on my penis").conditions == ("genital_herpes",)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("bumps under my eyes", "eyelids"),
        ("on the lip", "lips"),
        ("down there", "genitals"),
        ("my 2 week old", "newborn"),
        ("im 20 weeks pregnant", "pregnancy"),
    ],
)
def test_places_and_stages_of_life_are_read(text: str, context: str) -> None:
    assert [value.value for value in read(text).contexts] == [context]


@pytest.mark.parametrize(
    "text",
    [
        "what about cold sores",
        "and on babies?",
        "what about the lips?",
        "no i meant acne",
        "milia",
        "chalazions too?",
        "same for my niece?",
        "what about KP, is that",
        "and mine?",
        "my toddler has it on her cheeks, hers too?",
        "same for my niece? she only has two spots",
    ],
)
def test_a_message_that_only_names_something_new_is_a_follow_up(text: str) -> None:
    assert read(text).follow_up


@pytest.mark.parametrize(
    "text",
    [
        "can i pop milia",
        "and why do babies get them",
        "is it milia or acne",
        "does acne hurt too",
        "why did he get it, and hers?",
        "does hers hurt?",
    ],
)
def test_a_message_that_asks_something_is_not_a_follow_up(text: str) -> None:
    assert not read(text).follow_up


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("what are they and can i pop them?", ["what are they", "can i pop them?"]),
        ("is it contagious, and how long does it last", ["is it contagious", "how long does it last"]),
        ("I had this for years. Is it acne?", ["I had this for years.", "Is it acne?"]),
        ("difference between milia and acne", ["difference between milia and acne"]),
        (
            "two things. 1 what is it 2 how long does it last",
            ["two things.", "what is it", "how long does it last"],
        ),
        ("syringoma. Cause? Cure?", ["syringoma.", "Cause?", "Cure?"]),
        ("is it common - is it catching", ["is it common", "is it catching"]),
        ("is this milia? no", ["is this milia? no"]),
        ("I have had it 3 or 4 times now", ["I have had it 3 or 4 times now"]),
    ],
)
def test_joined_questions_are_split(text: str, clauses: list[str]) -> None:
    assert [text[start:end] for start, end in split_clauses(text)] == clauses


@pytest.mark.parametrize(
    ("clause", "pieces"),
    [
        ("the causes and treatment of milia", ["the causes", "treatment of milia"]),
        (
            "explain what it is, whether it spreads, and whether it scars",
            ["explain what it is", "it spreads", "it scars"],
        ),
        ("can i pop milia", []),
        ("a, b, c, d, e, f and g", []),
    ],
)
def test_a_clause_has_parts_where_it_has_joints(clause: str, pieces: list[str]) -> None:
    assert [clause[start:end] for start, end in split_pieces(clause)] == pieces


@pytest.mark.parametrize(
    ("text", "only"),
    [("does a cold sore?", True), ("and milia", True), ("is it milia", False), ("why milia", False)],
)
def test_little_words_around_a_name_ask_nothing_by_themselves(text: str, only: bool) -> None:
    assert find_names(text).only_names is only


def test_a_question_at_the_end_of_what_is_told_asks_without_a_mark() -> None:
    assert is_asking("my nan says put a warm teabag on it does that do anything")
    assert not is_asking("my nan put a warm teabag on it")


def test_a_question_after_a_colon_asks() -> None:
    assert is_asking("Acne: does chocolate matter")
    assert is_asking("blackheads: best way to get them out")
    assert not is_asking("Acne: mostly on my chin")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I've red hair and freckles, does that matter", ("freckles",)),
        ("do freckles matter", ()),
        ("so many freckles", ()),
        ("I've freckles. Do freckles turn into cancer?", ()),
    ],
)
def test_what_is_only_told_beside_a_question_is_not_asked_about(text: str, told: tuple[str, ...]) -> None:
    assert read(text).signposts_told == told


@pytest.mark.parametrize(
    ("text", "two_names"),
    [
        ("is a hordeolum the same as a stye", ("stye_chalazion",)),
        ("razor bumps vs ingrown hairs", ("ingrown_folliculitis",)),
        ("are styes common, my stye is back", ()),
        ("milia or acne", ()),
        ("I had a stye at my sister's wedding in June, is this a chalazion", ()),
    ],
)
def test_two_names_of_one_condition_are_noticed_where_they_stand_together(
    text: str, two_names: tuple[str, ...]
) -> None:
    assert read(text).two_names == two_names


def test_a_bump_that_is_described_is_meant_rather_than_the_scar_it_may_leave() -> None:
    reading = read("This hard little white dot under my eye has been there for months. Will popping it scar?")

    assert "milia" in reading.kinds
    assert not reading.signposts


@pytest.mark.parametrize(
    ("text", "of_products"),
    [
        ("does castor oil get rid of skin tags", True),
        ("which lip balm with cold sores", True),
        # Parts of names, and words of skin, are no products.
        ("how do you treat oil seeds", False),
        ("can the yellow patches on my lids be treated", False),
    ],
)
def test_what_is_bought_is_a_product_and_a_name_is_none(text: str, of_products: bool) -> None:
    assert find_names(text).of_products is of_products
