"""When a debt is prescribed: by its kind, interrupted once, with a warning beforehand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import limitation
from debtors.rules.limitation import (
    KIND_OF_INSTRUMENT,
    TERMS,
    Cause,
    Certainty,
    DebtKind,
    Interruption,
    Limitation,
    Standing,
)
from debtors.vocabulary import Instrument

DUE = date(2020, 3, 10)


@pytest.mark.parametrize(
    ("kind", "last_on"),
    [
        (DebtKind.WRITTEN, date(2025, 3, 10)),
        (DebtKind.CONDOMINIUM, date(2025, 3, 10)),
        (DebtKind.RENT, date(2023, 3, 10)),
        (DebtKind.CHEQUE, date(2025, 3, 10)),
        (DebtKind.PROMISSORY_NOTE, date(2025, 3, 10)),
        (DebtKind.TRADE_BILL, date(2023, 3, 10)),
        (DebtKind.LODGING, date(2021, 3, 10)),
    ],
)
def test_the_kind_of_a_debt_decides_after_how_many_years_it_is_prescribed(kind, last_on):
    found = limitation.limitation(due_on=DUE, kind=kind)

    assert found == Limitation(DUE, last_on)
    assert found.prescribed_from == last_on + timedelta(days=1)


def test_of_an_unknown_kind_nothing_is_said():
    assert limitation.limitation(due_on=DUE, kind=DebtKind.OTHER) is None
    assert limitation.of_debt(due_dates=[DUE], kind=DebtKind.OTHER) == []


def test_every_term_has_a_source_and_says_how_sure_it_is():
    assert set(TERMS) == set(DebtKind)
    assert all(term.source for kind, term in TERMS.items() if kind is not DebtKind.OTHER)
    sure = {kind for kind, term in TERMS.items() if term.certainty is Certainty.TEXT}
    assert sure == {DebtKind.WRITTEN, DebtKind.RENT}


def test_every_instrument_has_a_kind():
    assert set(KIND_OF_INSTRUMENT) == set(Instrument)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2020, 2, 29), 5, date(2025, 3, 1)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2019, 2, 28), 5, date(2024, 2, 28)),
        (date(2020, 12, 31), 3, date(2023, 12, 31)),
    ],
)
def test_years_end_on_the_day_of_the_same_number_or_the_next(day, years, later):
    assert limitation.add_years(day, years) == later


@pytest.mark.parametrize(
    ("days_before_the_end", "standing"),
    [
        (200, Standing.RUNNING),
        (90, Standing.RUNNING),
        (89, Standing.ENDING),
        (0, Standing.ENDING),
        (-1, Standing.PRESCRIBED),
        (-400, Standing.PRESCRIBED),
    ],
)
def test_a_warning_comes_before_the_end_and_the_last_day_still_counts(days_before_the_end, standing):
    found = limitation.limitation(due_on=DUE, kind=DebtKind.WRITTEN)

    assert limitation.standing(found, on=found.last_on - timedelta(days=days_before_the_end)) == standing


def test_the_warning_can_be_longer_or_left_out():
    found = limitation.limitation(due_on=DUE, kind=DebtKind.WRITTEN)
    day = found.last_on - timedelta(days=100)

    assert limitation.standing(found, on=day, warning_days=101) == Standing.ENDING
    assert limitation.standing(found, on=found.last_on, warning_days=0) == Standing.RUNNING


DEAL = Interruption(date(2022, 6, 1), Cause.ACKNOWLEDGEMENT)
SECOND_DEAL = Interruption(date(2023, 6, 1), Cause.ACKNOWLEDGEMENT)
TOO_LATE = Interruption(date(2025, 3, 11), Cause.ACKNOWLEDGEMENT)
ON_THE_LAST_DAY = Interruption(date(2025, 3, 10), Cause.NOTARY_PROTEST)
BEFORE_IT_WAS_DUE = Interruption(date(2020, 3, 10), Cause.ACKNOWLEDGEMENT)
LAWSUIT = Interruption(date(2022, 6, 1), Cause.COURT_SUMMONS, restarts_on=date(2024, 9, 30))


@pytest.mark.parametrize(
    ("interruptions", "starts_on", "counted"),
    [
        ([], DUE, None),
        ([DEAL], date(2022, 6, 1), DEAL),
        ([SECOND_DEAL, DEAL], date(2022, 6, 1), DEAL),
        ([TOO_LATE], DUE, None),
        ([ON_THE_LAST_DAY], date(2025, 3, 10), ON_THE_LAST_DAY),
        ([BEFORE_IT_WAS_DUE], DUE, None),
        ([BEFORE_IT_WAS_DUE, DEAL], date(2022, 6, 1), DEAL),
        ([LAWSUIT], date(2024, 9, 30), LAWSUIT),
    ],
)
def test_only_the_first_interruption_in_time_begins_the_term_anew(interruptions, starts_on, counted):
    found = limitation.limitation(due_on=DUE, kind=DebtKind.WRITTEN, interruptions=interruptions)

    assert found == Limitation(starts_on, limitation.add_years(starts_on, 5), counted)


def test_each_installment_is_prescribed_on_its_own():
    dues = [date(2021, 3, 10), date(2020, 3, 10)]

    found = limitation.of_debt(due_dates=dues, kind=DebtKind.RENT)

    assert [(due_on, each.prescribed_from) for due_on, each in found] == [
        (date(2020, 3, 10), date(2023, 3, 11)),
        (date(2021, 3, 10), date(2024, 3, 11)),
    ]
    found = limitation.of_debt(due_dates=dues, kind=DebtKind.RENT, interruptions=[DEAL])
    assert [each.prescribed_from for _, each in found] == [date(2025, 6, 2)] * 2


days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
interruptions = st.lists(st.builds(Interruption, on=days, cause=st.sampled_from(Cause)), max_size=5)


@given(due_on=days, kind=st.sampled_from([*DebtKind][:-1]), interruptions=interruptions)
def test_however_many_deals_are_made_a_term_is_begun_anew_once_at_most(due_on, kind, interruptions):
    years = TERMS[kind].years
    found = limitation.limitation(due_on=due_on, kind=kind, interruptions=interruptions)

    plain = limitation.add_years(due_on, years)
    assert plain <= found.last_on <= limitation.add_years(plain, years)
    assert (found.last_on > plain) is (found.interrupted_by is not None)
