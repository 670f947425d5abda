"""Obvious identifiers are masked; the rest of a message stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skinfo.privacy import mask_identifiers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to a.b+c@example.co.uk please", "write to [email] please"),
        ("call 07700 900123", "call [phone]"),
        ("call +49 30 901820 or (212) 555-2368", "call [phone] or [phone]"),
        ("card 4111 1111 1111 1111 ok", "card [card] ok"),
        ("card 4111-1111-1111-1111", "card [card]"),
        ("my name is Anna Smith, what is milia", "my name is [name], what is milia"),
        ("my name is john and i have bumps", "my name is [name] and i have bumps"),
        ("My name's O'Brien-Smith.", "My name's [name]."),
        ("MY NAME IS WILL", "MY NAME IS [name]"),
        ("hospital number 1234567890123", "hospital number [number]"),
    ],
)
def test_identifiers_are_masked(text: str, masked: str) -> None:
    assert mask_identifiers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "I am 34 and have had 10-12 bumps for 3 weeks",
        "each is 1.5 mm, since 2023",
        "the name of the cream is long gone",
        "what is milia? can I pop it @ home",
        "is 2% salicylic acid or 0.1% adapalene better",
    ],
)
def test_ordinary_messages_stay_as_they_are(text: str) -> None:
    assert mask_identifiers(text) == text


def test_a_phone_number_is_read_as_the_person_s_country_writes_it() -> None:
    assert mask_identifiers("ring 06 12 34 56 78", "FR") == "ring [phone]"


@given(st.emails())
def test_any_e_mail_address_is_masked(address: str) -> None:
    assert address not in mask_identifiers(f"please write to {address} today")


@given(st.text(max_size=300))
def test_masking_twice_masks_no_more(text: str) -> None:
    once = mask_identifiers(text)
    assert mask_identifiers(once) == once
