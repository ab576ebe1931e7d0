"""What follows from how a message ended."""

from datetime import timedelta

import pytest

from contacts.models import Contact
from contacts.services import outbox
from contacts.signals import contact_concluded
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.services import people
from debtors.vocabulary import PointStatus
from dunning import queries
from dunning.models import Case
from dunning.services import planner
from dunning.vocabulary import Actor, CaseState
from tests.factories import (
    make_case,
    make_contact,
    make_debtor,
    make_phone,
    make_policy,
    make_strategy,
    make_template,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    make_template(key="first_notice", channel=Channel.EMAIL)
    make_template(key="first_notice", channel=Channel.SMS)
    make_strategy(steps=[(5, Actor.SYSTEM, Channel.SMS, "first_notice")], fallback_channel=Channel.EMAIL)


def message_of(case: Case, now) -> Contact:
    """The message the case's step wanted, as it has left."""
    planner.plan(now=now)
    contact = Contact.objects.get(wanted_by__startswith=f"step:{case.pk}:")
    contact.state, contact.started_at = ContactState.SENT, now
    contact.point = case.debtor.points.filter(medium="phone").first()
    contact.save()
    return contact


def fail(contact: Contact, now, *, retired: bool) -> None:
    if retired:
        people.retire_point(contact.point, status=PointStatus.INVALID, source="", by=None, now=now)
    outbox.conclude(contact, outcome=Outcome.FAILED, now=now)


def wanted_after(contact: Contact) -> list[tuple[str, str]]:
    later = Contact.objects.filter(pk__gt=contact.pk).order_by("pk")
    return list(later.values_list("wanted_by", "channel"))


def test_a_number_that_does_not_exist_leads_to_the_next_best_one(monday_10am):
    debtor = make_debtor()
    case = make_case(now=monday_10am, debtor=debtor, is_callable=False)
    contact = message_of(case, monday_10am)
    make_phone(debtor=debtor)

    fail(contact, monday_10am + timedelta(hours=1), retired=True)

    assert wanted_after(contact) == [(f"{contact.wanted_by}:2", Channel.SMS)]


def test_without_another_number_the_steps_other_channel_is_used(monday_10am):
    case = make_case(now=monday_10am, is_callable=False)
    contact = message_of(case, monday_10am)

    fail(contact, monday_10am + timedelta(hours=1), retired=True)

    assert wanted_after(contact) == [(f"{contact.wanted_by}:2", Channel.EMAIL)]
    assert Contact.objects.get(wanted_by=f"{contact.wanted_by}:2").expires_at == contact.expires_at


def test_a_failure_that_is_not_the_numbers_fault_is_left_to_the_ladder(monday_10am):
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)

    fail(contact, monday_10am + timedelta(hours=1), retired=False)

    assert wanted_after(contact) == []


@pytest.mark.parametrize(("tried_before", "is_tried_again"), [(2, True), (3, False)])
def test_a_message_is_tried_at_three_addresses_at_most(monday_10am, tried_before, is_tried_again):
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    contact.wanted_by += f":{tried_before}"
    contact.save()

    fail(contact, monday_10am + timedelta(hours=1), retired=True)

    assert bool(wanted_after(contact)) == is_tried_again


def test_a_case_that_closed_meanwhile_is_not_written_to_again(monday_10am):
    case = make_case(now=monday_10am, is_callable=False)
    contact = message_of(case, monday_10am)
    Case.objects.update(state=CaseState.CLOSED, close_reason="paid", closed_at=monday_10am)

    fail(contact, monday_10am + timedelta(hours=1), retired=True)

    assert wanted_after(contact) == []


def test_a_word_from_the_debtor_brings_the_case_before_an_agent(monday_10am):
    case = make_case(now=monday_10am, is_callable=False)
    inbound = make_contact(debtor=case.debtor, at=monday_10am, outcome=Outcome.INBOUND)
    inbound.is_inbound = True
    inbound.save()

    contact_concluded.send(Contact, contact=inbound, now=monday_10am)

    case.refresh_from_db()
    assert case.callable_from == monday_10am
    assert ("reply", 500) in queries.urgencies(cases=[case], now=monday_10am + timedelta(hours=1))[
        case.pk
    ].parts


def test_an_answered_word_is_no_longer_urgent(monday_10am, agent):
    case = make_case(now=monday_10am)
    Contact.objects.filter(
        pk=make_contact(debtor=case.debtor, at=monday_10am, outcome=Outcome.INBOUND).pk
    ).update(is_inbound=True)
    make_contact(debtor=case.debtor, at=monday_10am + timedelta(hours=1), channel=Channel.VOICE, agent=agent)

    found = queries.urgencies(cases=[case], now=monday_10am + timedelta(hours=2))[case.pk]

    assert "reply" not in dict(found.parts)


def test_contacts_that_no_step_wanted_move_nothing(monday_10am):
    case = make_case(now=monday_10am)
    call = make_contact(
        debtor=case.debtor, at=monday_10am, state=ContactState.SENT, wanted_by=f"call:{case.pk}:1:1"
    )

    fail(call, monday_10am, retired=True)

    assert Contact.objects.count() == 1
