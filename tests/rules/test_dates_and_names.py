"""Dates and names as files write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import dates, names


@pytest.mark.parametrize(
    "text",
    ["21/11/2026", "21-11-2026", "21.11.2026", "2026-11-21", "2026-11-21 00:00:00", "2026-11-21T00:00:00Z"],
)
def test_a_day_is_read_in_every_usual_form(text):
    assert dates.parse(text) == date(2026, 11, 21)


def test_the_day_comes_before_the_month():
    assert dates.parse("1/2/2026") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11/21/2026", "no_such_day"),
        ("29/02/2025", "no_such_day"),
        ("21/11/26", "two_digit_year"),
        ("21/11-2026", "not_a_date"),
        ("2026-11-21 09:30:00", "not_a_date"),
        ("46347", "not_a_date"),
        ("", "not_a_date"),
        ("31/12/1899", "out_of_range"),
        ("01/01/2101", "out_of_range"),
    ],
)
def test_what_may_be_misread_is_refused(text, code):
    with pytest.raises(dates.DateError) as refused:
        dates.parse(text)
    assert refused.value.code == code


@given(st.dates(dates.EARLIEST, dates.LATEST))
def test_a_day_written_is_read_back(day):
    assert dates.parse(dates.format_br(day)) == dates.parse(day.isoformat()) == day


def test_folding_forgets_accents_case_and_spaces():
    assert names.fold("  Conceição\tD'ÁVILA ") == "conceicao d'avila"


def test_tidying_keeps_the_letters_and_drops_what_cannot_be_seen():
    assert names.tidy(" Jose\u0301\u200b  da\nSilva\x00") == "José da Silva"
