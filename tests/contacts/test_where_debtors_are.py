"""Where a debtor may be, from what is known of him: his numbers, his addresses, and what he said himself."""

from datetime import UTC, datetime

import pytest

from contacts import queries
from contacts.vocabulary import Channel
from debtors.models import ContactPoint
from debtors.vocabulary import PointKind, PointStatus
from tests.factories import make_address, make_debt, make_debtor, make_email, make_phone, make_policy

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 12:00 in São Paulo
RECIFE, NORONHA = "America/Recife", "America/Noronha"
MANAUS, EIRUNEPE, RIO_BRANCO = "America/Manaus", "America/Eirunepe", "America/Rio_Branco"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force():
    make_policy(now=NOON)


def make_person(*, phone=None, address=None, confirmed=""):
    """Return a debtor with the phone and the (city, state) of an address that are given."""
    debtor = make_debtor(phone=phone, email="a@example.com", confirmed_time_zone=confirmed)
    make_debt(debtor=debtor)
    if address is not None:
        make_address(debtor=debtor, city=address[0], state=address[1])
    return debtor


def zones_of(debtor, *, now=NOON):
    return set(queries.may_contact(debtor=debtor, channel=Channel.SMS, now=now).person.time_zones)


def reasons_at(debtor, text, *, channel=Channel.SMS):
    now = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return queries.may_contact(debtor=debtor, channel=channel, now=now).best.reasons


@pytest.mark.parametrize(
    ("known", "zones"),
    [
        ({"phone": "+5581987651234"}, {RECIFE, NORONHA}),
        ({"phone": "+5581987651234", "address": ("Recife", "PE")}, {RECIFE, NORONHA}),  # numbers travel
        ({"phone": "+5587987651234", "address": ("Petrolina", "PE")}, {RECIFE}),
        ({"phone": "+5597987651234", "address": ("Tabatinga", "AM")}, {MANAUS, EIRUNEPE}),
        ({"address": ("Tabatinga", "AM")}, {EIRUNEPE}),
        ({"address": ("", "AM")}, {MANAUS, EIRUNEPE}),
        ({"phone": "+5568987651234", "address": ("São Paulo", "SP")}, {RIO_BRANCO, "America/Sao_Paulo"}),
        ({"phone": "+5568987651234", "address": ("Manaus", "XX")}, {RIO_BRANCO}),
        ({"phone": "+5523987651234", "address": ("Belém", "PA")}, {"America/Belem"}),
        ({"phone": "+5523987651234"}, set()),
        ({}, set()),
        ({"phone": "+5581987651234", "address": ("Tabatinga", "AM"), "confirmed": MANAUS}, {MANAUS}),
    ],
)
def test_numbers_and_addresses_are_united_and_what_the_debtor_said_replaces_both(known, zones):
    assert zones_of(make_person(**known)) == zones


def test_who_has_moved_is_called_only_when_it_is_day_in_both_places():
    moved = make_person(phone="+5568987651234", address=("Fernando de Noronha", "PE"))

    assert reasons_at(moved, "2026-11-24 13:29") == ("OUTSIDE_HOURS",)  # 08:29 in Rio Branco
    assert reasons_at(moved, "2026-11-24 13:30") == ()
    assert reasons_at(moved, "2026-11-24 22:59") == ()
    assert reasons_at(moved, "2026-11-24 23:00") == ("OUTSIDE_HOURS",)  # 21:00 in Noronha


def test_after_he_said_where_he_is_that_clock_alone_counts_for_every_number():
    settled = make_person(
        phone="+5568987651234", address=("Fernando de Noronha", "PE"), confirmed="America/Sao_Paulo"
    )

    assert reasons_at(settled, "2026-11-24 11:29") == ("OUTSIDE_HOURS",)
    assert reasons_at(settled, "2026-11-24 11:30") == ()
    assert reasons_at(settled, "2026-11-24 23:59") == ()


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_of_whom_no_place_is_known_nobody_is_contacted(channel):
    nowhere = make_person(phone="+5523987651234")

    assert reasons_at(nowhere, "2026-11-24 15:00", channel=channel) == ("TZ_UNKNOWN",)


def test_an_e_mail_goes_by_the_clock_of_the_debtors_other_points():
    acre = make_person(phone="+5568987651234")

    assert reasons_at(acre, "2026-11-24 13:29", channel=Channel.EMAIL) == ("OUTSIDE_HOURS",)
    assert reasons_at(acre, "2026-11-24 13:30", channel=Channel.EMAIL) == ()


def test_numbers_out_of_use_and_those_of_others_say_nothing_of_where_he_is():
    debtor = make_person(phone="+5511987651234")
    make_phone(debtor=debtor, number="+5568987651234", status=PointStatus.WRONG_NUMBER)
    make_phone(debtor=debtor, number="+5592987651234", kind=PointKind.WORKPLACE)
    make_phone(debtor=debtor, number="+5581987651234", kind=PointKind.THIRD_PARTY)
    make_email(debtor=debtor)

    assert zones_of(debtor) == {"America/Sao_Paulo"}


def test_a_number_that_nobody_answers_still_says_where_he_may_be():
    debtor = make_person(phone="+5511987651234")
    ContactPoint.objects.update(status=PointStatus.EXHAUSTED)
    make_email(debtor=debtor)

    assert zones_of(debtor) == {"America/Sao_Paulo"}
    assert reasons_at(debtor, "2026-11-24 15:00", channel=Channel.EMAIL) == ()
    ContactPoint.objects.filter(medium="phone").update(status=PointStatus.INVALID)
    assert reasons_at(debtor, "2026-11-24 15:00", channel=Channel.EMAIL) == ("TZ_UNKNOWN",)


def test_a_number_at_which_he_wants_nothing_binds_as_before_and_opens_nothing_by_itself():
    debtor = make_person(phone="+5511987651234")
    acre = make_phone(debtor=debtor, number="+5568987651234", status=PointStatus.DO_NOT_CONTACT)

    assert reasons_at(debtor, "2026-11-24 12:00") == ("OUTSIDE_HOURS",)  # 07:00 there
    debtor.points.exclude(pk=acre.pk).delete()
    make_email(debtor=debtor, address="b@example.com")
    assert reasons_at(debtor, "2026-11-24 15:00", channel=Channel.EMAIL) == ("TZ_UNKNOWN",)


def test_zones_for_whom_nothing_is_known_are_not_for_whom_a_silent_number_tells_of():
    make_policy(now=NOON, fallback_time_zones=["America/Sao_Paulo"])
    known, unknown = make_person(phone="+5592991234567"), make_person()
    unknown.points.filter(medium="phone").delete()
    assert reasons_at(unknown, "2026-11-24 11:45", channel=Channel.EMAIL) == ()
    assert reasons_at(known, "2026-11-24 11:45", channel=Channel.EMAIL) == ("OUTSIDE_HOURS",)  # 07:45 there

    known.points.filter(medium="phone").update(status=PointStatus.DO_NOT_CONTACT)

    assert reasons_at(known, "2026-11-24 11:45", channel=Channel.EMAIL) == ("TZ_UNKNOWN",)
