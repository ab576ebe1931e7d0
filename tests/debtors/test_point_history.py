"""A contact point keeps its history: what it became, since when, and who said so."""

from datetime import UTC, datetime, timedelta

import pytest

from debtors.models import ContactPoint, PointChange
from debtors.services import importing, people
from debtors.vocabulary import RETIRED_STATUSES, PointKind, PointStatus
from tests.factories import make_agent, make_creditor, make_debtor, make_phone, make_portfolio

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NUMBER = "+5511987654321"
FILE = """cpf_cnpj;nome;telefone_1;tipo_telefone_1;contrato;parcela;vencimento;valor
738.197.531-92;Vicente Sampaio;(11) 98765-4321;{kind};CT-1;1;07/09/2026;1.182,89
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def point():
    return make_phone(debtor=make_debtor(phone=None, email=None), number=NUMBER)


def told(point):
    return [(each.kind, each.status, each.source, each.changed_at) for each in point.changes.all()]


def test_each_change_says_what_since_when_and_how_we_know(point):
    agent = make_agent()

    people.confirm_point(point, source="reached on the phone", by=agent, now=NOW)
    people.change_point(
        point,
        kind=PointKind.WORKPLACE,
        status=PointStatus.VERIFIED,
        source="she said so",
        by=agent,
        now=LATER,
    )

    assert told(point) == [
        (PointKind.WORKPLACE, PointStatus.VERIFIED, "she said so", LATER),
        (PointKind.OWN, PointStatus.VERIFIED, "reached on the phone", NOW),
    ]
    assert {each.recorded_by for each in point.changes.all()} == {agent}
    assert (point.kind, point.status, point.status_since) == (PointKind.WORKPLACE, PointStatus.VERIFIED, NOW)


def test_what_is_known_already_is_no_news(point):
    people.confirm_point(point, source="", by=None, now=NOW)
    people.confirm_point(point, source="", by=None, now=LATER)
    is_news = people.change_point(
        point, kind=PointKind.OWN, status=PointStatus.VERIFIED, source="", by=None, now=LATER
    )

    assert not is_news
    assert point.status_since == NOW
    assert PointChange.objects.count() == 1


def test_reaching_somebody_at_a_retired_number_does_not_revive_it(point):
    people.retire_point(point, status=PointStatus.REASSIGNED, source="", by=None, now=NOW)
    people.confirm_point(point, source="", by=None, now=LATER)

    assert (point.status, point.status_since) == (PointStatus.REASSIGNED, NOW)


def test_what_another_process_learned_meanwhile_is_not_overwritten(point):
    stale = ContactPoint.objects.get(pk=point.pk)
    people.retire_point(point, status=PointStatus.DO_NOT_CONTACT, source="", by=None, now=NOW)

    people.confirm_point(stale, source="", by=None, now=LATER)
    people.retire_point(stale, status=PointStatus.INVALID, source="", by=None, now=LATER)

    assert ContactPoint.objects.get().status == PointStatus.DO_NOT_CONTACT
    assert PointChange.objects.count() == 1


def test_a_stranger_is_taken_from_everybodys_numbers_with_a_row_for_each(point):
    make_phone(debtor=make_debtor(phone=None, email=None), number=NUMBER)

    taken = people.retire_everywhere(
        NUMBER, status=PointStatus.WRONG_NUMBER, source="SMS 12", by=None, now=NOW
    )

    assert taken == 2
    assert set(PointChange.objects.values_list("status", "source")) == {(PointStatus.WRONG_NUMBER, "SMS 12")}


def take_in(kind):
    portfolio = make_portfolio(creditor=make_creditor())
    importing.import_at_once(
        FILE.format(kind=kind).encode(),
        file_name="dividas.csv",
        creditor=portfolio.creditor,
        portfolio_name=portfolio.name,
        only_good=False,
        now=LATER,
    )


@pytest.mark.parametrize("status", sorted(RETIRED_STATUSES))
def test_no_import_brings_a_retired_number_back(status):
    take_in("proprio")
    point = ContactPoint.objects.get(value=NUMBER)
    people.retire_point(point, status=status, source="", by=None, now=NOW)

    take_in("proprio")

    point.refresh_from_db()
    assert (point.status, point.status_since) == (status, NOW)
    assert point.changes.count() == 1


def test_a_file_that_calls_a_number_a_workplace_is_kept_as_the_source():
    take_in("proprio")
    take_in("trabalho")
    take_in("proprio")

    point = ContactPoint.objects.get(value=NUMBER)
    assert point.kind == PointKind.WORKPLACE
    assert [(kind, at) for kind, _status, _source, at in told(point)] == [(PointKind.WORKPLACE, LATER)]


def test_a_number_whose_owner_wants_peace_is_silent_under_a_new_debtor_and_says_why(point):
    people.retire_point(point, status=PointStatus.DO_NOT_CONTACT, source="", by=None, now=NOW)

    take_in("proprio")

    imported = ContactPoint.objects.exclude(pk=point.pk).get(value=NUMBER)
    assert (imported.status, imported.status_since) == (PointStatus.DO_NOT_CONTACT, LATER)
    assert imported.changes.get().source
