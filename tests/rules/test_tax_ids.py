"""CPF and CNPJ, the alphanumeric one included."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf

from collections_crm.lib import tax_ids
from collections_crm.lib.tax_ids import TaxId, TaxIdKind

VECTORS = json.loads((Path(__file__).parents[1] / "data/tax_ids.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cpf"] + VECTORS["cnpj"], ids=lambda case: case["input"])
def test_an_identifier_is_valid_or_not(case):
    assert tax_ids.is_valid(case["input"]) is case["valid"]


@pytest.mark.parametrize("case", VECTORS["check_digits"], ids=lambda case: case["base"])
def test_check_digits_follow_from_the_base(case):
    assert tax_ids.with_check_digits(case["base"]) == case["base"] + case["dv"]


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        (" 390.533.447-05 ", "39053344705", TaxIdKind.CPF),
        ("12.abc.345/01de-35", "12ABC34501DE35", TaxIdKind.CNPJ),
        ("00.000.000/0001-91", "00000000000191", TaxIdKind.CNPJ),
    ],
)
def test_it_is_kept_without_punctuation_in_upper_case(text, number, kind):
    assert tax_ids.parse(text) == TaxId(number, kind)
    assert tax_ids.parse(tax_ids.format_number(number)).number == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_length"),
        ("3905334470", "bad_length"),
        ("390533447055", "bad_length"),
        ("111.111.111-11", "repeated_digits"),
        ("00.000.000/0000-00", "repeated_digits"),
        ("390.533.447-06", "bad_check_digits"),
        ("12ABC34501DE36", "bad_check_digits"),
        ("12ABC34501DEA5", "bad_character"),
        ("12.ÁBC.345/01DE-35", "bad_character"),
        ("3905334470A", "bad_character"),
        ("ıııııııııııııı", "bad_character"),
    ],
)
def test_a_refusal_names_the_mistake(text, code):
    with pytest.raises(tax_ids.TaxIdError) as refused:
        tax_ids.parse(text)
    assert refused.value.code == code


def test_a_mask_hides_both_ends():
    assert tax_ids.mask("39053344705") == "***.533.447-**"
    assert tax_ids.mask("12ABC34501DE35") == "**.ABC.345/****-**"


@given(st.from_regex(r"[0-9]{9}|[0-9A-Z]{12}", fullmatch=True))
def test_our_check_digits_and_the_library_agree(base):
    number = tax_ids.with_check_digits(base)

    assert tax_ids.is_valid(number) is (len(set(number)) > 1 and base != "0" * 12)
    assert base == "0" * len(base) or (cpf if len(base) == 9 else cnpj).is_valid(number)
