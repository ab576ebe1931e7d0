"""How values are written on screen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation

from collections_crm.templatetags import formats

NOON_IN_BRASILIA = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (123456, "R$\N{NO-BREAK SPACE}1.234,56"),
        (0, "R$\N{NO-BREAK SPACE}0,00"),
        (-990, "-R$\N{NO-BREAK SPACE}9,90"),
        (None, ""),
    ],
)
def test_money_stays_on_one_line(cents, written):
    assert formats.brl(cents) == written


@pytest.mark.parametrize(
    ("rate", "written"),
    [(Decimal("0.02"), "2%"), (Decimal("0.0033"), "0,33%"), (Decimal("0.10"), "10%"), (Decimal(0), "0%")],
)
def test_a_fraction_is_shown_as_a_percentage(rate, written):
    assert formats.percent(rate) == written


def test_a_moment_late_at_night_in_utc_is_still_the_same_day_in_the_office():
    late = datetime(2026, 11, 22, 2, 59, tzinfo=UTC)

    assert formats.day(late) == "21/11/2026"
    assert formats.moment(late) == "21/11/2026\N{NO-BREAK SPACE}23:59"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("America/Cuiaba", "21/11/2026\N{NO-BREAK SPACE}11:00 (Cuiabá)"),
        ("America/Noronha", "21/11/2026\N{NO-BREAK SPACE}13:00 (Fernando de Noronha)"),
        ("America/Belem", "21/11/2026\N{NO-BREAK SPACE}12:00"),
    ],
)
def test_the_debtor_s_place_is_named_only_where_the_hour_differs(zone, written):
    assert formats.local_time(NOON_IN_BRASILIA, zone) == written


@pytest.mark.parametrize(
    ("day", "english", "portuguese"),
    [
        (date(2026, 11, 21), "today", "hoje"),
        (date(2026, 11, 22), "in 1 day", "em 1 dia"),
        (date(2026, 11, 24), "in 3 days", "em 3 dias"),
        (date(2026, 11, 20), "1 day ago", "há 1 dia"),
        (date(2026, 11, 11), "10 days ago", "há 10 dias"),
    ],
)
def test_a_distance_in_days_is_said_in_both_languages(day, english, portuguese):
    today = date(2026, 11, 21)
    with translation.override("en"):
        assert formats.relative_to(day, today) == english
    with translation.override("pt-br"):
        assert formats.relative_to(day, today) == portuguese


def test_tax_ids_and_phones_are_hidden_but_for_what_is_needed():
    assert formats.mask_tax_id("39053344705") == "***.533.447-**"
    assert formats.mask_phone("+5511987654321") == "(11)\N{NO-BREAK SPACE}*****-4321"


def test_a_missing_value_is_shown_as_nothing():
    template = engines["django"].from_string(
        "{% load formats %}[{{ x|brl }}{{ x|day }}{{ x|moment }}{{ x|clock }}{{ x|tax_id }}{{ x|phone }}]"
    )

    assert template.render({"x": None}) == "[]"
