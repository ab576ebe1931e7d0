"""Keys of Pix: five kinds, each written in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import tax_ids
from debtors.rules import pix_keys
from debtors.rules.pix_keys import PixKey, PixKeyKind


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("390.533.447-05", "39053344705", PixKeyKind.CPF),
        ("39053344705", "39053344705", PixKeyKind.CPF),
        ("11.222.333/0001-81", "11222333000181", PixKeyKind.CNPJ),
        ("12.abc.345/01de-35", "12ABC34501DE35", PixKeyKind.CNPJ),
        ("+55 (11) 98765-4321", "+5511987654321", PixKeyKind.PHONE),
        ("+551133334444", "+551133334444", PixKeyKind.PHONE),
        ("+1 212 555 0100", "+12125550100", PixKeyKind.PHONE),
        (" Cobranca@Example.com ", "cobranca@example.com", PixKeyKind.EMAIL),
        (
            "123E4567-E12B-12D1-A456-426655440000",
            "123e4567-e12b-12d1-a456-426655440000",
            PixKeyKind.RANDOM,
        ),
    ],
)
def test_a_key_is_kept_in_its_one_written_form(text, value, kind):
    assert pix_keys.parse(text) == PixKey(value, kind)
    assert pix_keys.parse(value) == PixKey(value, kind)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_key"),
        ("maria", "not_a_key"),
        ("11987654321", "bad_cpf"),  # a phone without + and country
        ("39053344706", "bad_cpf"),
        ("111.111.111-11", "bad_cpf"),
        ("11222333000182", "bad_cnpj"),
        ("12ABC34501DE36", "bad_cnpj"),
        ("123e4567e12b12d1a456426655440000", "not_a_key"),  # a random key without its hyphens
        ("123e4567-e12b-12d1-a456-42665544000g", "not_a_key"),
        ("+5511", "bad_phone"),
        ("+55 00 98765-4321", "bad_phone"),
        ("+551187654321", "bad_phone"),  # the ninth digit is missing
        ("+558005551234", "bad_phone"),
        ("+0123", "bad_phone"),
        ("maria@", "bad_email"),
        ("maria@example", "bad_email"),
        ("a@b@example.com", "bad_email"),
        ("a" * 66 + "@example.com", "too_long"),
    ],
)
def test_a_refusal_says_what_the_key_nearly_is(text, code):
    with pytest.raises(pix_keys.PixKeyError) as refused:
        pix_keys.parse(text)

    assert refused.value.code == code
    assert str(refused.value).startswith(f"{code}: ")


@given(st.from_regex(r"[0-9]{9}|[0-9A-Z]{12}", fullmatch=True))
def test_every_valid_cpf_and_cnpj_is_a_key(base):
    number = tax_ids.with_check_digits(base)

    if tax_ids.is_valid(number):
        assert pix_keys.parse(tax_ids.format_number(number)).value == number
