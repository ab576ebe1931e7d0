"""What the occurrence codes of banks' return files mean: the same number is another thing elsewhere.

A code that a bank's table does not hold is never guessed. Sources: layouts published by each bank,
as the open-source readers brcobranca, laravel-boleto and ACBr cite and hold them.
"""

from collections.abc import Mapping
from enum import StrEnum


class Meaning(StrEnum):
    """What happened to a slip, in our words."""

    ENTERED = "entered"
    REJECTED = "rejected"
    OPEN = "open"
    PAID = "paid"
    PAID_IN_PART = "paid_in_part"
    PAID_AT_NOTARY = "paid_at_notary"
    PAID_AFTER_WRITE_OFF = "paid_after_write_off"
    PAID_BY_CHEQUE = "paid_by_cheque"
    CHEQUE_RETURNED = "cheque_returned"
    WRITTEN_OFF = "written_off"
    WRITTEN_OFF_AS_PAID = "written_off_as_paid"
    REVERSED = "reversed"
    AT_NOTARY = "at_notary"
    BACK_FROM_NOTARY = "back_from_notary"
    PROTESTED = "protested"
    CHANGED = "changed"
    FEE = "fee"
    NOTICE = "notice"


#: Money that came to stay.
PAYMENTS = frozenset(
    {Meaning.PAID, Meaning.PAID_IN_PART, Meaning.PAID_AT_NOTARY, Meaning.PAID_AFTER_WRITE_OFF}
)
#: Money that may not last, was told before, or went back: a person decides.
DOUBTFUL = frozenset(
    {Meaning.PAID_BY_CHEQUE, Meaning.CHEQUE_RETURNED, Meaning.WRITTEN_OFF_AS_PAID, Meaning.REVERSED}
)

type Codes = Mapping[str, Meaning]


def _table(**codes: str) -> Codes:
    """Turn `paid="06 07"` into a table from code to meaning."""
    return {code: Meaning(meaning) for meaning, each in codes.items() for code in each.split()}


#: CNAB 240, as FEBRABAN defines it (code of the movement, field C044).
FEBRABAN_240 = _table(
    entered="02",
    rejected="03 26 30",
    open="11",
    paid="06 45",
    paid_after_write_off="17",
    paid_by_cheque="50",
    cheque_returned="44",
    written_off="05 09 15",
    at_notary="23",
    back_from_notary="24",
    protested="25",
    changed="04 07 08 12 13 14 19 20 27 33 34 35 38 39 40 41 42 43 46 47 48 49",
    fee="28",
    notice="29 32 36 37 51 52 53 54 61 62 73 A4",
)

#: CNAB 240 where a bank gives codes a meaning of its own.
OWN_240: Mapping[str, Codes] = {
    "104": {
        **FEBRABAN_240,
        **_table(
            notice="01 35 36 37 38 39 40 41",
            reversed="44 47",
            changed="45 61 62",
            paid="46",
        ),
    },
    "341": _table(
        entered="02",
        rejected="03 15 16 17 18 24 60 74",
        open="11",
        paid="06",
        paid_at_notary="08",
        written_off="05 09 47",
        written_off_as_paid="10",
        at_notary="23",
        protested="32",
        changed="04 12 13 14 19 20 21 57 75 77 78 94",
        fee="26 27 28 29 30 33 34 35 36 37 38 39 40 41 42 43 44 45 46 48 51 52 53 54 55 56 61 62 "
        "80 82 83 85 86 87 88 89 90 91 92 93",
        notice="25 63 79",
    ),
}

#: CNAB 400: every bank has a table of its own.
OWN_400: Mapping[str, Codes] = {
    "001": _table(
        entered="02",
        rejected="03",
        open="11",
        paid="05 06 07 08",
        paid_at_notary="15",
        paid_by_cheque="46",
        cheque_returned="44",
        written_off="09 10",
        at_notary="23",
        back_from_notary="24",
        changed="12 13 14 16 19 21 22 25 26 31 32 33 34 35 36 37 38 39 41 42 72",
        fee="20 28 96 97 98",
    ),
    "033": _table(
        entered="02",
        rejected="01 03",
        open="11",
        paid="06 07 08",
        paid_at_notary="17",
        written_off="09 10",
        written_off_as_paid="16",
        at_notary="15 21",
        back_from_notary="22",
        changed="12 13 14 25 26",
        fee="24",
    ),
    "041": _table(
        entered="02 47",
        rejected="03 26",
        open="11 43",
        paid="06 08",
        paid_in_part="07",
        paid_at_notary="15",
        paid_by_cheque="30 31",
        written_off="09 10",
        written_off_as_paid="04 25",
        at_notary="23",
        back_from_notary="22",
        protested="40",
        changed="12 13 14 16 18 19 20 21 32 33 34 42 45 68 69",
        fee="41 44 46",
    ),
    "077": _table(entered="02", rejected="03", paid="06", written_off="07", changed="14 15 16"),
    "104": _table(
        entered="01",
        rejected="99",
        open="20",
        paid="21",
        paid_at_notary="22",
        written_off="02 23 24",
        reversed="33",
        at_notary="26",
        back_from_notary="27 28 29",
        protested="25",
        changed="03 04 05 06 07 08 09 10 11 12 30 34 35",
        fee="31 32",
    ),
    "237": _table(
        entered="02",
        rejected="03 24 27 30 32",
        open="11",
        paid="06",
        paid_at_notary="15",
        paid_after_write_off="17",
        paid_by_cheque="16",
        written_off="09 10",
        reversed="22 40",
        at_notary="23",
        back_from_notary="34",
        changed="12 13 14 18 19 20 21 25 33 35 68 69 73 74",
        fee="28",
        notice="29 55",
    ),
    "341": {
        **OWN_240["341"],
        **_table(
            entered="64 71 73",
            paid="59 72 76",
            paid_in_part="07",
            paid_by_cheque="65",
            cheque_returned="69",
        ),
    },
    "748": _table(
        entered="02",
        rejected="03 24 27 29 30 32",
        paid="06",
        paid_at_notary="15",
        paid_after_write_off="17",
        written_off="09 10",
        at_notary="23",
        back_from_notary="34",
        changed="12 13 14 19 20 33",
        fee="28",
        notice="35",
    ),
    "756": _table(
        entered="02",
        open="11",
        paid="05 06",
        paid_at_notary="15",
        written_off="09 10",
        at_notary="23",
        changed="14 27 48",
    ),
}
