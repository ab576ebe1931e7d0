"""The gate's answer as a line: in the agent's clock and the debtor's, the gravest reason first."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from contacts import queries, reasons
from contacts.rules import codes
from contacts.vocabulary import Channel, HoldKind
from debtors.vocabulary import PointKind
from tests.factories import make_debt, make_debtor, make_phone, make_policy

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)  # half past midnight in São Paulo


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("moment", "zones", "text"),
    [
        (NOON, [], "24/11/2026, 12:00"),
        (NOON, ["America/Sao_Paulo"], "24/11/2026, 12:00"),
        (NOON, ["America/Bahia", "America/Sao_Paulo"], "24/11/2026, 12:00"),  # the same hour there
        (NOON, ["America/Manaus"], "24/11/2026, 12:00 (11:00 in Manaus)"),
        (
            NOON,
            ["America/Manaus", "America/Cuiaba", "America/Rio_Branco"],
            "24/11/2026, 12:00 (11:00 in Manaus, Cuiabá; 10:00 in Rio Branco)",
        ),
        (NOON, ["America/Noronha", "America/Recife"], "24/11/2026, 12:00 (13:00 in Fernando de Noronha)"),
        (MIDNIGHT, ["America/Manaus"], "25/11/2026, 00:30 (24/11/2026, 23:30 in Manaus)"),
        (NOON, ["Mars/Olympus_Mons"], "24/11/2026, 12:00"),
    ],
)
def test_a_moment_is_told_by_both_clocks_where_they_differ(moment, zones, text):
    assert reasons.in_both_clocks(moment, zones=zones) == text


def test_of_today_the_hour_is_enough():
    assert reasons.in_both_clocks(NOON, zones=["America/Manaus"], is_short=True) == "12:00 (11:00 in Manaus)"


CODES = [
    value
    for name, value in vars(codes).items()
    if name.isupper() and isinstance(value, str) and not name.endswith("_PREFIX")
]


@pytest.mark.parametrize("code", [*CODES, *(f"HOLD_{kind.upper()}" for kind in HoldKind)])
@pytest.mark.parametrize("language", ["en", "pt-br"])
def test_every_objection_has_words_and_stands_on_something(code, language):
    with translation.override(language):
        reason = reasons.explain(code)

    assert reason.text
    assert code not in reason.text
    assert reason.basis


@pytest.mark.django_db
@pytest.mark.parametrize("passing", [{"message_first": True}, {"windows": {}}])
def test_what_stays_is_told_before_what_ends_or_can_be_ended(passing):
    make_policy(now=NOON, **passing)
    debtor = make_debtor(phone=None)
    make_debt(debtor=debtor)
    at_work = make_phone(debtor=debtor, kind=PointKind.WORKPLACE)
    asked = queries.may_contact(debtor=debtor, channel=Channel.VOICE, now=NOON)

    first, *others = reasons.answer(asked.verdict(at_work), asked=asked).reasons

    assert first == reasons.explain(codes.POINT_WORKPLACE)
    assert others
