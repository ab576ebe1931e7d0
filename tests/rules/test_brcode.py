"""The text of a Pix QR code: built, read back, and refused with the reason."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import tax_ids
from debtors.rules import brcode
from debtors.rules.brcode import BrCode, BrCodeError

VECTORS = json.loads((Path(__file__).parents[1] / "data/brcode.json").read_text())
KEY = "123e4567-e12b-12d1-a456-426655440000"
PLAIN = BrCode(merchant_name="Fulano de Tal", merchant_city="BRASILIA", key=KEY)
RIGHT = {case["name"]: case["payload"] for case in VECTORS["right"]}
STATIC = RIGHT["bacen_manual_static_2.6.3"]


@pytest.mark.parametrize("case", VECTORS["crc"], ids=lambda case: case["crc"])
def test_the_checksum_is_that_of_the_manual(case):
    assert brcode.crc16(case["text"]) == case["crc"]


@pytest.mark.parametrize("case", VECTORS["right"], ids=lambda case: case["name"])
def test_a_payload_falls_into_its_fields(case):
    assert [list(field) for field in brcode.split(case["payload"])] == case["fields"]


@pytest.mark.parametrize("case", VECTORS["wrong"], ids=lambda case: case["name"])
def test_a_tampered_payload_is_refused(case):
    assert _refusal(case["payload"]) == (case["code"], "63")


@pytest.mark.parametrize("case", VECTORS["built"], ids=lambda case: case["name"])
def test_a_payload_is_built_to_the_letter(case):
    code = BrCode(**case["code"])

    assert brcode.build(code) == case["payload"]
    assert brcode.parse(case["payload"]) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bacen_manual_static_2.6.3", PLAIN),
        (
            "bacen_manual_dynamic_2.7.2",
            replace(PLAIN, key="", url="pix.example.com/8b3da2f39a4140d1a91abd93113bd441", is_one_use=True),
        ),
        (
            "bacen_manual_composite_dynamic",
            replace(
                PLAIN,
                key="",
                url="pix.example.com/8b3da2f39a4140d1a91abd93113bd441",
                recurrence_url="pix.example.com/rec/2353c790eefb11eaadc10242ac120002",
                is_one_use=True,
            ),
        ),
        (
            "bacen_manual_composite_static_amount_2.8.5",
            replace(
                PLAIN,
                amount_cents=10_050,
                recurrence_url="pix.example.com/rec/2353c790eefb11eaadc10242ac120002",
            ),
        ),
    ],
)
def test_the_manuals_codes_are_read_and_built(name, code):
    assert brcode.parse(RIGHT[name]) == code
    assert brcode.build(code) == RIGHT[name]


def test_a_code_of_several_arrangements_is_read_for_pix():
    assert brcode.parse(RIGHT["brcode_manual_2.2_multi_arrangement"]) == BrCode(
        merchant_name="NOME DO RECEBEDOR",
        merchant_city="BRASILIA",
        key=KEY,
        amount_cents=12_345,
        txid="RP12345678-2019",
        postal_code="70074900",
    )


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"00": "02"}, ("bad_value", "00")),
        ({"53": "840"}, ("bad_value", "53")),
        ({"58": "PT"}, ("bad_value", "58")),
        ({"58": ""}, ("missing_field", "58")),
        ({"59": ""}, ("missing_field", "59")),
        ({"60": ""}, ("missing_field", "60")),
        ({"62": ""}, ("missing_field", "62")),
        ({"62": "0103***"}, ("missing_field", "62-05")),
        ({"62": "0526" + "A" * 26}, ("bad_txid", "62-05")),
        ({"54": "10,00"}, ("bad_money", "54")),
        ({"54": "-1.00"}, ("bad_money", "54")),
        ({"54": "1.000"}, ("bad_money", "54")),
        ({"54": "1.234,56"}, ("bad_money", "54")),
        ({"54": ".50"}, ("bad_money", "54")),
        ({"54": "R$ 10"}, ("bad_money", "54")),
        ({"54": "١٠.00"}, ("bad_money", "54")),
        ({"54": "12345678901.00"}, ("bad_money", "54")),
        ({"26": ""}, ("not_pix", "26")),
        ({"26": "0012BR.COM.OUTRO01011"}, ("not_pix", "26")),
        ({"26": "0014br.gov.bcb.pix"}, ("missing_field", "26-01")),
        ({"26": "0014br.gov.bcb.pix011139053344706"}, ("bad_key", "26-01")),
        ({"26": "0014br.gov.bcb.pix0114390.533.447-05"}, ("bad_key", "26-01")),
        ({"26": "0014br.gov.bcb.pix0120Cobranca@Example.com"}, ("bad_key", "26-01")),
        ({"26": "0014br.gov.bcb.pix2519https://example.com"}, ("bad_url", "26-25")),
        ({"26": "0014br.gov.bcb.pix2511example.com"}, ("bad_url", "26-25")),
        ({"26": "0014br.gov.bcb.pix0111390533447052513example.com/a"}, ("key_and_url", "26-01")),
        ({"26": "0014br.gov.bcb.pix0199a"}, ("bad_length", "26-01")),
        ({"26": "0014br.gov.bcb.pix0111390533447050111" + "39053344705"}, ("duplicate_field", "26-01")),
    ],
)
def test_a_refusal_says_which_field_is_wrong(fields, refusal):
    assert _refusal(_signed(_with(fields))) == refusal


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ("", ("crc_missing", "63")),
        ("0", ("bad_length", "0")),
        ("https://example.com", ("bad_length", "ht")),
        ("000201" + "26990014br.gov.bcb.pix", ("bad_length", "26")),
        ("000201" + "5400", ("bad_length", "54")),
        ("000201" + "63041D3D" + "0000", ("bad_length", "00")),
        ("000201" + "000201" + "63041D3D", ("duplicate_field", "00")),
        (STATIC[:-4], ("bad_length", "63")),
        (STATIC[:-4] + "1d3d", ("bad_crc", "63")),
        (STATIC.replace("Fulano", "Fulana"), ("bad_crc", "63")),
    ],
)
def test_a_broken_text_is_refused_where_it_breaks(payload, refusal):
    assert _refusal(payload) == refusal


@pytest.mark.parametrize(
    ("text", "cents"),
    [("10", 1_000), ("10.5", 1_050), ("10.05", 1_005), ("0.01", 1), ("9999999999.99", 999_999_999_999)],
)
def test_an_amount_may_lack_its_decimals(text, cents):
    assert brcode.parse(_signed(_with({"54": text}))).amount_cents == cents


def test_a_copied_text_may_carry_blanks_around_it():
    assert brcode.parse(f"  {STATIC}\r\n") == PLAIN


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"merchant_name": "A" * 26}, ("too_long", "59")),
        ({"merchant_name": ""}, ("missing_field", "59")),
        ({"merchant_name": " "}, ("missing_field", "59")),
        ({"merchant_name": "José"}, ("not_ascii", "59")),
        ({"merchant_name": "Jose "}, ("not_ascii", "59")),
        ({"merchant_name": "Jose\n"}, ("not_ascii", "59")),
        ({"merchant_city": "B" * 16}, ("too_long", "60")),
        ({"merchant_city": "SÃO PAULO"}, ("not_ascii", "60")),
        ({"amount_cents": 0}, ("bad_money", "54")),
        ({"amount_cents": -1}, ("bad_money", "54")),
        ({"amount_cents": 10**12}, ("bad_money", "54")),
        ({"txid": "A" * 26}, ("bad_txid", "62-05")),
        ({"txid": "A-1"}, ("bad_txid", "62-05")),
        ({"txid": "***"}, ("bad_txid", "62-05")),
        ({"key": "39053344706"}, ("bad_key", "26-01")),
        ({"key": "390.533.447-05"}, ("bad_key", "26-01")),
        ({"key": ""}, ("missing_field", "26-01")),
        ({"url": "example.com/a"}, ("key_and_url", "26-01")),
        ({"key": "", "url": "https://example.com/a"}, ("bad_url", "26-25")),
        ({"key": "", "url": "example.com/" + "a" * 66}, ("bad_url", "26-25")),
        ({"recurrence_url": "example.com"}, ("bad_url", "80-25")),
        ({"postal_code": "70074-900"}, ("bad_postal_code", "61")),
        ({"description": "d" * 38}, ("too_long", "26")),
        ({"description": "Acordo nº 1"}, ("not_ascii", "26-02")),
    ],
)
def test_what_does_not_fit_is_refused_and_never_cut(changes, refusal):
    with pytest.raises(BrCodeError) as refused:
        brcode.build(replace(PLAIN, **changes))

    assert (refused.value.code, refused.value.field) == refusal


def test_the_longest_of_everything_fits():
    longest = BrCode(
        merchant_name="A" * 25,
        merchant_city="B" * 15,
        key="cobranca@" + "c" * 56 + ".example.com",
        amount_cents=brcode.MAX_AMOUNT_CENTS,
        txid="T" * 25,
        postal_code="70074900",
    )

    assert len(longest.key) == 77
    assert brcode.parse(brcode.build(longest)) == longest


@pytest.mark.parametrize(
    ("text", "length", "fitted"),
    [
        ("Comércio & Irmãos São João Ltda.", 25, "Comercio & Irmaos Sao Joa"),
        ("SÃO JOSÉ DOS CAMPOS", 15, "SAO JOSE DOS CA"),
        ("Loja  1º de\tMaio", 25, "Loja 1o de Maio"),
        ("Ação 東京", 25, "Acao"),
        ("Sao Bernardo do Campo", 13, "Sao Bernardo"),
    ],
)
def test_a_name_is_made_to_fit_without_accents(text, length, fitted):
    assert brcode.fit(text, length=length) == fitted


words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=15)
tax_id_keys = st.from_regex(r"[1-9][0-9]{8}|[1-9A-Z][0-9A-Z]{11}", fullmatch=True).map(
    tax_ids.with_check_digits
)
keys = st.one_of(
    tax_id_keys.filter(tax_ids.is_valid),
    st.uuids().map(str),
    st.from_regex(r"\+55119[0-9]{8}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,20}@[a-z]{1,20}\.com\.br", fullmatch=True),
)
urls = st.from_regex(r"[a-z]{1,10}\.com(:[0-9]{4})?/[A-Za-z0-9/-]{1,50}", fullmatch=True)
codes = st.builds(
    BrCode,
    merchant_name=words,
    merchant_city=words,
    key=keys,
    amount_cents=st.none() | st.integers(1, brcode.MAX_AMOUNT_CENTS),
    txid=st.from_regex(r"[A-Za-z0-9]{0,25}", fullmatch=True),
    description=st.just("") | words,
    postal_code=st.just("") | st.from_regex(r"[0-9]{8}", fullmatch=True),
    recurrence_url=st.just("") | urls,
    is_one_use=st.booleans(),
)


@given(code=codes, url=st.none() | urls)
def test_whatever_is_built_is_read_back(code, url):
    said = code if url is None else replace(code, key="", url=url)

    assert brcode.parse(brcode.build(said)) == said


@given(code=codes, data=st.data())
def test_a_code_with_one_character_changed_is_refused(code, data):
    payload = brcode.build(code)
    at = data.draw(st.integers(0, len(payload) - 1))
    changed = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda c: c != payload[at]))

    assert _refusal(payload[:at] + changed + payload[at + 1 :])


@given(st.text())
def test_any_text_is_read_or_refused(text):
    assert _refusal(text)


def _refusal(payload: str) -> tuple[str, str]:
    with pytest.raises(BrCodeError) as refused:
        brcode.parse(payload)
    return refused.value.code, refused.value.field


def _with(fields: dict[str, str]) -> str:
    """Return the manual's static code with some fields changed, or without those that are blank."""
    known = dict(brcode.split(STATIC)[:-1]) | fields
    return "".join(f"{name}{len(value):02d}{value}" for name, value in sorted(known.items()) if value)


def _signed(payload: str) -> str:
    return payload + "6304" + brcode.crc16(payload + "6304")
