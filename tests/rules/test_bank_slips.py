"""What banks write into the free field of their slips: as on slips that others issued."""

import pytest

from debtors.rules import bank_slips, boleto
from debtors.rules.bank_slips import Account, AccountError, Numbered

#: From lines in tests/data/boleto.json: account, which slip, its number and its line.
ISSUED = [
    (
        Account("001", wallet="18", agreement="1238798"),
        7_777_700_168,
        "12387987777700168",
        "00190.00009 01238.798779 77700.168188 2 37690000013500",
    ),
    (
        Account("341", branch="1248", account="02124", wallet="109"),
        10_152,
        "00010152",
        "34191.09008 01015.271248 80212.460002 4 25480000675787",
    ),
    (
        Account("237", branch="1172", account="0403005", wallet="06"),
        75_896_452,
        "000758964525",
        "23791.17209 60007.589645 52040.300502 5 42230000295295",
    ),
    (
        Account("033", wallet="102", agreement="1899775"),
        9_000_026,
        "0000090000269",
        "03399.18997 77500.000904 00026.901025 9 51150000002500",
    ),
]


@pytest.mark.parametrize(("account", "sequence", "number", "line"), ISSUED, ids=lambda each: str(each)[:20])
def test_a_slip_comes_out_as_the_bank_writes_it(account, sequence, number, line):
    free_field = boleto.barcode_of(line)[19:]

    assert bank_slips.number(account, sequence) == Numbered(number, free_field)


@pytest.mark.parametrize(
    ("sequence", "number"), [(1, "00000000001P"), (2, "000000000028"), (6, "000000000060")]
)
def test_bradescos_check_digit_may_be_a_letter(sequence, number):
    """As the bank's manual has it for wallet 19."""
    account = Account("237", branch="1172", account="0403005", wallet="19")

    assert bank_slips.number(account, sequence).our_number == number


@pytest.mark.parametrize(
    ("account", "sequence", "code"),
    [
        (Account("104"), 1, "no_bank"),
        (Account("001", wallet="18", agreement="123879"), 1, "bad_agreement"),
        (Account("001", wallet="18", agreement="1238798", branch="1"), 1, "bad_branch"),
        (Account("341", branch="12a8", account="02124", wallet="109"), 1, "bad_branch"),
        (Account("341", branch="1248", account="02124", wallet="109"), 0, "numbers_used_up"),
        (Account("341", branch="1248", account="02124", wallet="109"), 10**8, "numbers_used_up"),
    ],
)
def test_an_account_that_makes_no_slip_is_refused(account, sequence, code):
    with pytest.raises(AccountError) as refused:
        bank_slips.number(account, sequence)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("account", "told", "issued"),
    [
        (Account("341", branch="1248", account="02124", wallet="109"), "000000018", "00000001"),
        (Account("341", branch="1248", account="02124", wallet="109"), "000000017", "000000017"),
        (Account("341", branch="1248", account="02124", wallet="112"), "000000018", "000000018"),
        (Account("341", branch="1248", account="02124", wallet="109"), "00000001", "00000001"),
        (Account("341", branch="1248", account="02124", wallet="109"), "", ""),
        (Account("237", branch="1248", account="0002124", wallet="09"), "000000018", "000000018"),
    ],
)
def test_a_number_told_with_its_check_digit_is_that_of_the_slip_when_the_digit_is_right(
    account, told, issued
):
    assert bank_slips.issued_as(told, account=account) == issued


def test_the_last_number_that_fits_is_issued():
    account = Account("341", branch="1248", account="02124", wallet="109")

    assert bank_slips.number(account, 10**8 - 1).our_number == "99999999"


@pytest.mark.parametrize(("bank", "digit"), [("001", "9"), ("033", "7"), ("237", "2"), ("341", "7")])
def test_a_banks_number_is_printed_with_its_check_digit(bank, digit):
    assert bank_slips.check_digit_of(bank) == digit
