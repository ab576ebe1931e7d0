"""Holidays of the places where debtors live, and the closed days that the house enters itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts import queries
from contacts.models import Attempt, ClosedDay, Contact, PolicyHead
from contacts.services import admission, closed_days, outbox
from contacts.vocabulary import AttemptState, Channel, ContactState
from debtors.vocabulary import PointKind, PointStatus
from tests.factories import (
    house_creditor,
    make_address,
    make_contact,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

NOON = datetime(2026, 7, 9, 15, 0, tzinfo=UTC)  # São Paulo's state holiday, a Thursday
LIST, ADD = "/admin/contacts/closedday/", "/admin/contacts/closedday/add/"
ALL_OPEN = {"close_public_holidays": False, "close_feasts": []}

pytestmark = pytest.mark.django_db


def noon(text):
    return datetime.fromisoformat(f"{text} 15:00").replace(tzinfo=UTC)


def make_person(*, state="", city="", phone="+5511987651234"):
    debtor = make_debtor(phone=phone, email=None)
    make_debt(debtor=debtor, installments=[(date(2026, 1, 1), 10_000)])
    if state:
        make_address(debtor=debtor, state=state, city=city)
    return debtor


def make_closed_day(*, on, state="", city="", is_yearly=False, now=NOON):
    day = ClosedDay(
        name="Dia da cidade", on=on, state=state, city=city, is_yearly=is_yearly, source="Lei 1/1900"
    )
    closed_days.keep(day, now=now)
    return day


def is_closed(debtor, *, now):
    found = queries.may_contact(debtor=debtor, channel=Channel.SMS, now=now).best.reasons
    assert set(found) <= {"HOLIDAY"}
    return bool(found)


@pytest.mark.parametrize(
    ("state", "city", "day", "closed"),
    [
        ("SP", "Santos", "2026-07-09", True),
        ("RJ", "Niterói", "2026-07-09", False),
        ("RJ", "Niterói", "2026-04-23", True),  # Saint George
        ("SP", "Santos", "2026-04-23", False),
        ("SP", "São Paulo", "2027-01-25", True),  # the capital's own anniversary
        ("SP", "Santos", "2027-01-25", False),
        ("SP", "São Paulo", "2026-06-04", True),  # Corpus Christi is a holiday there
        ("SP", "Santos", "2026-06-04", False),
        ("SP", "Santos", "2026-11-20", True),  # everywhere
    ],
)
def test_the_holidays_of_the_debtors_state_and_city_are_closed(state, city, day, closed):
    make_policy(now=NOON, close_public_holidays=True)

    assert is_closed(make_person(state=state, city=city), now=noon(day)) is closed


@pytest.mark.parametrize("day", ["2026-07-09", "2026-11-20", "2027-01-25", "2026-12-25"])
def test_where_the_manager_opened_public_holidays_those_of_country_state_and_city_are_open(day):
    make_policy(now=NOON, **ALL_OPEN)

    assert not is_closed(make_person(state="SP", city="São Paulo"), now=noon(day))
    assert not is_closed(make_person(phone="+5511987651234"), now=noon(day))


def test_while_the_residence_is_unknown_the_holidays_of_every_state_of_his_numbers_are_closed():
    make_policy(now=NOON, close_public_holidays=True)
    somewhere = make_person(phone="+5561987651234")  # Goiás or the Federal District

    assert is_closed(somewhere, now=noon("2026-11-30"))  # the Federal District's
    assert is_closed(somewhere, now=noon("2027-07-26"))  # that of Goiás
    assert not is_closed(somewhere, now=noon("2027-07-09"))  # that of São Paulo


def test_once_the_residence_is_known_the_state_of_the_number_closes_nothing():
    make_policy(now=NOON, close_public_holidays=True)

    assert not is_closed(make_person(phone="+5511987651234", state="MG", city="Uberaba"), now=NOON)
    assert is_closed(make_person(phone="+5534987651234", state="SP", city="Franca"), now=NOON)


def test_an_address_out_of_use_or_of_somebody_else_is_no_residence():
    make_policy(now=NOON, close_public_holidays=True)
    debtor = make_person(phone="+5531987651234", state="SP", city="Santos")
    home = debtor.points.get(state="SP")
    assert is_closed(debtor, now=NOON)

    home.status = PointStatus.INVALID
    home.save()
    assert not is_closed(debtor, now=NOON)

    home.status, home.kind = PointStatus.VERIFIED, PointKind.WORKPLACE
    home.save()
    assert not is_closed(debtor, now=NOON)


def test_the_last_day_of_the_old_year_is_closed_while_greenwich_has_the_new_one():
    make_policy(now=NOON, windows={"thu": [["08:30", "24:00"]]}, **ALL_OPEN)
    make_closed_day(on=date(2026, 12, 31), state="SP")
    late = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)  # 22:00 on 31 December in São Paulo

    assert is_closed(make_person(), now=late)


@pytest.mark.parametrize(
    ("reach", "home", "closed"),
    [
        ({}, {"state": "RJ", "city": "Niterói"}, True),
        ({}, {}, True),
        ({"state": "SP"}, {"state": "SP", "city": "Santos"}, True),
        ({"state": "SP"}, {}, True),  # by the area code
        ({"state": "SP"}, {"state": "RJ", "city": "Niterói"}, False),
        (
            {"state": "SP", "city": "São José dos Campos"},
            {"state": "SP", "city": "SAO JOSE DOS CAMPOS"},
            True,
        ),
        ({"state": "SP", "city": "São José dos Campos"}, {"state": "SP", "city": "Santos"}, False),
        ({"state": "SP", "city": "São José dos Campos"}, {}, False),
    ],
)
def test_a_day_the_house_entered_is_closed_in_its_place(reach, home, closed):
    make_policy(now=NOON, **ALL_OPEN)
    make_closed_day(on=date(2026, 8, 3), **reach)

    assert is_closed(make_person(**home), now=noon("2026-08-03")) is closed
    assert not is_closed(make_person(**home), now=noon("2026-08-04"))


def test_a_yearly_day_comes_back_and_a_day_taken_out_of_use_does_not():
    make_policy(now=NOON, **ALL_OPEN)
    day = make_closed_day(on=date(2020, 8, 3), is_yearly=True, state="SP", city="Santos")
    debtor = make_person(state="SP", city="Santos")

    assert is_closed(debtor, now=noon("2026-08-03"))
    assert is_closed(debtor, now=noon("2027-08-03"))

    day.is_active = False
    closed_days.keep(day, now=NOON)

    assert not is_closed(debtor, now=noon("2027-08-03"))


def test_a_day_of_today_takes_back_what_was_admitted_and_not_handed_over(settings, tmp_path):
    settings.CHANNELS, settings.SANDBOX_FILE = {"sms": "sandbox"}, tmp_path / "sandbox.jsonl"
    make_policy(now=NOON, **ALL_OPEN)
    contact = Contact.objects.create(
        wanted_by="test:1",
        debtor=make_person(state="SP", city="Santos"),
        creditor=house_creditor(),
        channel=Channel.SMS,
        template=make_template(),
        not_before=NOON,
        created_at=NOON,
    )
    [admitted] = admission.admit_many(outbox.claim(now=NOON, limit=1), now=NOON)

    make_closed_day(on=NOON.date(), state="SP", city="Santos")

    assert not outbox.hand_over(admitted.attempt, now=NOON)
    assert Attempt.objects.get().state == AttemptState.NOT_SENT
    assert admission.admit_many(outbox.claim(now=NOON, limit=1), now=NOON) == []
    contact.refresh_from_db()
    assert (contact.state, contact.objections) == (ContactState.PLANNED, ["HOLIDAY"])
    assert contact.not_before >= datetime(2026, 7, 10, 11, 30, tzinfo=UTC)  # spread over the morning


def test_what_a_mistaken_day_had_put_off_is_judged_again_and_nothing_else_is():
    make_policy(now=NOON, **ALL_OPEN)
    day = make_closed_day(on=NOON.date())
    tomorrow = NOON + timedelta(days=1)
    by_day, by_hour = (
        make_contact(debtor=make_person(), at=tomorrow, state=ContactState.PLANNED) for _ in range(2)
    )
    Contact.objects.filter(pk=by_day.pk).update(objections=["HOLIDAY", "OUTSIDE_HOURS"])
    Contact.objects.filter(pk=by_hour.pk).update(objections=["OUTSIDE_HOURS"])

    day.is_active = False
    closed_days.keep(day, now=NOON)

    assert Contact.objects.get(pk=by_day.pk).not_before == NOON
    assert Contact.objects.get(pk=by_hour.pk).not_before == tomorrow


def test_cases_put_off_by_a_mistaken_day_are_asked_about_again_but_a_pause_keeps_its_beginning():
    make_policy(now=NOON, **ALL_OPEN)
    day = make_closed_day(on=NOON.date())
    later = NOON + timedelta(hours=1)

    closed_days.keep(day, now=later)
    assert PolicyHead.objects.get().changed_at == later

    PolicyHead.objects.update(is_paused=True)
    closed_days.keep(day, now=later + timedelta(hours=1))
    assert PolicyHead.objects.get().changed_at == later


def test_the_database_refuses_a_municipality_without_its_state():
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedDay.objects.create(name="x", on=NOON.date(), city="Santos", source="x")


@pytest.fixture
def manager(client):
    user = make_manager()
    user.is_staff = True
    user.save()
    client.force_login(user)
    return user


ANNIVERSARY = {
    "name": "Aniversário de Campinas",
    "on": "14/07/2026",
    "is_yearly": "on",
    "state": "SP",
    "city": "Campinas",
    "source": "Lei municipal",
}


def test_a_manager_enters_the_anniversary_of_a_municipality(client, manager):
    make_policy(now=timezone.now(), **ALL_OPEN)
    debtor = make_person(state="SP", city="CAMPINAS")

    client.post(ADD, ANNIVERSARY)

    assert is_closed(debtor, now=noon("2027-07-14"))
    page = client.get(LIST).text
    assert "Campinas, SP" in page
    assert "14/07, todo ano" in page


def test_the_page_asks_for_the_state_of_a_municipality_and_for_each_day_once(client, manager):
    assert "Em qual estado fica o município?" in client.post(ADD, ANNIVERSARY | {"state": ""}).text

    client.post(ADD, ANNIVERSARY)
    client.post(ADD, ANNIVERSARY)

    assert ClosedDay.objects.count() == 1


def test_a_day_entered_by_mistake_is_taken_out_of_use_and_never_deleted(client, manager):
    client.post(ADD, ANNIVERSARY)
    day = ClosedDay.objects.get()
    page = f"{LIST}{day.pk}/change/"

    client.post(page, ANNIVERSARY)  # the box is not ticked
    assert not ClosedDay.objects.get().is_active

    assert client.post(f"{LIST}{day.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ClosedDay.objects.count() == 1
