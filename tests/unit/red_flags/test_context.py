"""What takes a sign back, and what only seems to."""

import pytest

from skinfo.facts import Urgency


@pytest.mark.parametrize(
    "text",
    [
        "no fever no pus",
        "there is no pus, just a small hard bump",
        "it isnt hot or swollen",
        "bumps without any swelling or pus",
        "i dont have a fever and theres no rash",
        "never had any trouble breathing",
        "my lips are not swollen",
        "the swelling has gone down",
        "she has no fever, no blisters and is feeding well",
    ],
)
def test_a_denied_sign_is_not_raised(text: str, present) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "can milia get infected?",
        "what would infection look like",
        "what if my throat closes up",
        "should i worry if it starts bleeding and wont stop",
        "how would i know if it was sepsis",
        "what should i do if my face swells up",
        "does accutane cause a rash",
        "what are the symptoms of meningitis",
        "when should i worry about a fever and a rash",
        "how do you treat shingles",
        "could popping it cause an infection",
    ],
)
def test_a_general_question_is_not_raised(text: str, present) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "i had cellulitis last year and it healed",
        "as a kid i had a fever and a rash",
        "years ago my lips swelled up after prawns",
        "i had sepsis in 2020",
        "i used to have seizures as a child",
        "had shingles when i was 20",
    ],
)
def test_what_is_past_and_over_is_not_raised(text: str, present) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "i watched a film where his throat closed up",
        "my neighbour has cellulitis, is it contagious",
        "i read an article about flesh eating bugs",
        "a study found rashes after antibiotics",
        "my dog's face is swollen",
        "a celebrity had a seizure on tv",
    ],
)
def test_somebody_not_in_care_fiction_and_animals_are_not_raised(text: str, present) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "this acne is killing me",
        "im dying to pop it",
        "i could die of embarrassment",
        "im sick of these spots",
        "that serum is to die for",
        "im confused about which retinol to buy",
        "my skin looks breathtaking",
    ],
)
def test_a_figure_of_speech_is_not_raised(text: str, present) -> None:
    assert not present(text)


@pytest.mark.parametrize(
    "text",
    [
        "my baby has blisters on her face and she is 2 weeks old",
        "my mum cant breathe properly",
        "my husband has a red line going up his leg",
        "my daughter's face is swelling up",
        "gran has cellulitis and is talking nonsense",
        "my wife is on chemo and has sores all round her mouth",
        "my friend cant breathe and her lips are swelling right now",
    ],
)
def test_a_person_in_care_is_a_person_in_need(text: str, present) -> None:
    assert present(text)


@pytest.mark.parametrize(
    "text",
    [
        "might be infected, not sure",
        "i think there is pus",
        "not sure if its a fever but im hot and shivery with a rash",
        "does this look infected",
        "could this be sepsis",
        "is it normal that my throat feels tight",
        "i have pus should i worry?",
        "I have rash spreading through my body?",
        "dont know if its serious but my lips are swelling",
    ],
)
def test_doubt_counts_as_present(text: str, present) -> None:
    assert present(text)


@pytest.mark.parametrize(
    "text",
    [
        "i cant breathe",
        "it wont stop bleeding",
        "the rash doesnt fade under a glass",
        "he is not responding",
        "she hasnt weed in 12 hours and has a rash",
        "it never healed, sore for 2 months",
        "i cant pee",
        "i dont want to be here anymore",
        "my baby is 3 weeks old and is not feeding",
    ],
)
def test_a_denial_inside_a_sign_is_the_sign(text: str, present) -> None:
    assert present(text)


@pytest.mark.parametrize(
    "text",
    [
        "no fever but there is pus",
        "i had it last year and now my face is swelling",
        "no pain. There is a red line going up my arm though",
        "i was fine yesterday, now i cant breathe",
        "my friend said its nothing but my lips are swelling",
        "can you pop milia? mine is oozing green pus",
        "what should i do my throat is closing",
        "what is this rash, i have a fever",
        "no swelling, it's full of pus",
        "my throat feels tight but the rash has gone",
        "since last year this sore wont heal",
    ],
)
def test_the_reach_of_a_denial_question_or_past_ends(text: str, present) -> None:
    assert present(text)


@pytest.mark.parametrize(
    ("text", "flag", "status"),
    [
        ("no pus at all", "infection_signs", "denied"),
        ("what if there is pus", "infection_signs", "hypothetical"),
        ("i had pus in it years ago", "infection_signs", "past"),
        ("my neighbour has pus coming out", "infection_signs", "other_person"),
        ("i could die of embarrassment, this breakout is killing me", None, None),
        ("i have pus", "infection_signs", "present"),
    ],
)
def test_a_mention_says_why_it_does_not_count(text: str, flag, status, mentions) -> None:
    found = {id: mention.status for id, mention in mentions(text).items()}

    assert found.get(flag) == status


@pytest.mark.parametrize(
    ("text", "flag", "urgency"),
    [
        ("my eyelid is slightly puffy", "face_swelling", Urgency.SAME_DAY),
        ("my whole face is swelling up", "face_swelling", Urgency.EMERGENCY),
        ("its full of pus", "infection_signs", Urgency.SAME_DAY),
        ("its full of pus and i have a fever", "infection_signs", Urgency.EMERGENCY),
        ("it stings so much to pee with these sores", "urinary_retention", Urgency.SAME_DAY),
        ("i cant pee with these sores", "urinary_retention", Urgency.EMERGENCY),
    ],
)
def test_a_second_sign_raises_or_lowers_the_urgency(text: str, flag: str, urgency: Urgency, present) -> None:
    assert present(text).get(flag) is urgency
