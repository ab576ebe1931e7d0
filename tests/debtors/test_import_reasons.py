"""Every reason for which a cell is refused has its sentence."""

import re

import pytest
from django.utils import translation

from debtors.import_reasons import REASONS, sentence

REFUSALS = {
    "tax_id": ["bad_length", "bad_character", "repeated_digits", "bad_check_digits"],
    "phone": ["not_a_phone", "no_area_code", "bad_area_code", "bad_number"],
    "amount": ["not_an_amount", "ambiguous", "too_large"],
    "date": ["not_a_date", "no_such_day", "two_digit_year", "out_of_range"],
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_every_refusal_of_the_readers_has_a_sentence(kind):
    assert {f"{kind}_{code}" for code in REFUSALS[kind]} <= REASONS.keys()


@pytest.mark.parametrize("code", REASONS)
@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_a_sentence_names_its_particulars_in_both_languages(code, language):
    names = set(re.findall(r"%\((\w+)\)s", REASONS[code]))

    with translation.override(language):
        said = sentence(code, {name: f"<{name}>" for name in names})

    assert {name for name in names if f"<{name}>" in said} == names
    assert "%" not in said
