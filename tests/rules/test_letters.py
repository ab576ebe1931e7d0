"""What stands in the window, which objections take a letter back, and when it was posted."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import codes
from contacts.rules.letters import (
    HalfAnAddressError,
    address_lines,
    dated,
    file_name,
    paragraphs,
    posted_at,
    says_the_same,
    taken_back_by,
)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MADE = datetime(2026, 11, 23, 10, 0, tzinfo=SAO_PAULO)
WHOLE = {"street": "Rua A, 1", "city": "São Paulo", "state": "SP", "postal_code": "01001000"}
EVERY_CODE = [each for name, each in vars(codes).items() if name.isupper() and isinstance(each, str)]


def test_the_window_shows_name_street_and_town_and_nothing_else():
    assert address_lines(name="Maria  Silva", **WHOLE | {"street": "Rua A,\n1"}) == (
        "Maria Silva",
        "Rua A, 1",
        "01001-000 São Paulo – SP",
    )


@pytest.mark.parametrize(
    ("part", "value"),
    [*((part, " ") for part in WHOLE), ("postal_code", "0100100"), ("postal_code", "01001-00")],
)
def test_half_an_address_is_none(part, value):
    with pytest.raises(HalfAnAddressError) as error:
        address_lines(name="Maria", **WHOLE | {part: value})

    assert error.value.missing == part


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("Um", [["Um"]]),
        ("Um\ndois\n\n \nTrês\n", [["Um", "dois"], ["Três"]]),
        ("Um\r\n\r\nDois", [["Um"], ["Dois"]]),
    ],
)
def test_a_text_is_paragraphs_of_lines(body, expected):
    assert paragraphs(body) == expected


@given(st.lists(st.lists(st.text("abc <&", min_size=1).map(str.strip).filter(bool), min_size=1)))
def test_no_line_of_a_text_is_lost(parts):
    body = "\n\n".join("\n".join(lines) for lines in parts)

    assert paragraphs(body) == parts


def test_a_letter_is_dated_in_words():
    assert dated(date(2026, 3, 1)) == "1 de março de 2026"


def test_two_letters_that_differ_in_their_date_only_say_the_same():
    words = {"heading": "Olá", "dated": "x"}

    assert says_the_same(words, words | {"dated": "y"})
    assert not says_the_same(words, words | {"heading": "Oi"})


@pytest.mark.parametrize("code", EVERY_CODE)
def test_whatever_is_no_matter_of_the_moment_takes_a_letter_back(code):
    is_of_the_moment = code in ("OUTSIDE_HOURS", "HOLIDAY", "BIRTHDAY") or code.startswith(("CAP_", "GAP_"))

    assert taken_back_by([code]) == (() if is_of_the_moment else (code,))


def test_every_hold_takes_a_letter_back():
    assert taken_back_by(["GAP_TOTAL", "HOLD_DISPUTE", "OUTSIDE_HOURS"]) == ("HOLD_DISPUTE",)


@pytest.mark.parametrize(
    ("on", "now", "expected"),
    [
        (MADE.date(), MADE + timedelta(hours=1), MADE + timedelta(hours=1)),  # today: now
        (MADE.date(), MADE + timedelta(days=2), MADE + timedelta(hours=2)),  # noon of that day
        (MADE.date(), MADE + timedelta(days=1, hours=-10, minutes=5), MADE + timedelta(hours=2)),
    ],
)
def test_a_letter_counts_now_or_at_noon_of_the_day_it_was_posted(on, now, expected):
    assert posted_at(on=on, made_at=MADE, now=now, zone=SAO_PAULO) == expected


def test_no_letter_counts_before_it_was_made():
    made = MADE + timedelta(hours=9)

    assert posted_at(on=made.date(), made_at=made, now=made + timedelta(days=1), zone=SAO_PAULO) == made


@given(days=st.integers(0, 30), hours=st.integers(0, 800))
def test_the_moment_lies_between_the_making_and_the_saying(days, hours):
    now = MADE + timedelta(hours=hours)
    on = min(MADE.date() + timedelta(days=days), now.date())

    assert MADE <= posted_at(on=on, made_at=MADE, now=now, zone=SAO_PAULO) <= now


def test_another_print_of_a_letter_has_another_name():
    names = {file_name(contact_id=1, sha256="a" * 64), file_name(contact_id=1, sha256="b" * 64)}

    assert names == {"carta-1-aaaaaaaaaaaa.pdf", "carta-1-bbbbbbbbbbbb.pdf"}
