"""What follows from how a message ended."""

from datetime import timedelta

import pytest

from contacts.models import Attempt, Contact, OptOut, ProviderText
from contacts.services import consent, dispatch, outbox
from contacts.signals import contact_concluded
from contacts.vocabulary import AttemptState, Channel, ContactState, OptOutScope, Outcome
from debtors.services import people
from debtors.vocabulary import PointStatus
from dunning import queries
from dunning.models import Case
from dunning.services import planner
from dunning.vocabulary import Actor, CaseState
from tests.factories import (
    make_address,
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


def test_a_failure_that_is_not_the_numbers_fault_leads_to_the_other_channel_and_not_to_another_number(
    monday_10am,
):
    debtor = make_debtor()
    make_phone(debtor=debtor)
    contact = message_of(make_case(now=monday_10am, debtor=debtor, is_callable=False), monday_10am)

    fail(contact, monday_10am + timedelta(hours=1), retired=False)

    assert wanted_after(contact) == [(f"{contact.wanted_by}:2", Channel.EMAIL)]


def test_a_channel_that_failed_is_not_tried_again_and_a_letter_is_the_last_way(monday_10am):
    debtor = make_debtor()
    make_address(debtor=debtor, postal_code="01001000")
    make_template(key="first_notice", channel=Channel.LETTER)
    contact = message_of(make_case(now=monday_10am, debtor=debtor, is_callable=False), monday_10am)

    for _channel in (Channel.SMS, Channel.EMAIL, Channel.LETTER):
        last = Contact.objects.order_by("pk").last()
        Contact.objects.filter(pk=last.pk).update(
            state=ContactState.SENT, started_at=monday_10am, point=debtor.points.first()
        )
        outbox.conclude(last, outcome=Outcome.FAILED, now=monday_10am)

    assert wanted_after(contact) == [
        (f"{contact.wanted_by}:2", Channel.EMAIL),
        (f"{contact.wanted_by}:3", Channel.LETTER),
    ]


@pytest.mark.parametrize(
    ("address", "terms"),
    [({"postal_code": ""}, {}), ({"postal_code": "01001000"}, {"channels": ["sms", "email", "voice"]})],
)
def test_no_letter_without_a_whole_address_or_where_letters_are_switched_off(monday_10am, address, terms):
    make_policy(now=monday_10am, **terms)
    debtor = make_debtor(email=None)
    make_address(debtor=debtor, **address)
    make_template(key="first_notice", channel=Channel.LETTER)
    contact = message_of(make_case(now=monday_10am, debtor=debtor, is_callable=False), monday_10am)

    fail(contact, monday_10am, retired=True)

    assert wanted_after(contact) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"scope": OptOutScope.GLOBAL},
        {"scope": OptOutScope.CHANNEL, "channel": Channel.SMS},
        {"scope": OptOutScope.POINT, "point": True},
    ],
)
def test_what_the_person_refused_is_not_said_another_way(monday_10am, wish):
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    wish = wish | ({"point": contact.point} if "point" in wish else {})
    consent.opt_out(debtor=contact.debtor, source="provider, code 21610", by=None, now=monday_10am, **wish)

    fail(contact, monday_10am, retired=False)

    assert wanted_after(contact) == []


def test_a_wish_that_is_over_or_about_something_else_refuses_nothing(monday_10am):
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    about = {"debtor": contact.debtor, "scope": OptOutScope.CHANNEL, "source": "x"}
    OptOut.objects.create(**about, channel=Channel.SMS, active_from=monday_10am, active_until=monday_10am)
    OptOut.objects.create(**about, channel=Channel.VOICE, active_from=monday_10am)

    fail(contact, monday_10am, retired=False)

    assert wanted_after(contact) == [(f"{contact.wanted_by}:2", Channel.EMAIL)]


def test_a_text_with_a_hole_is_not_tried_elsewhere(monday_10am):
    case = make_case(now=monday_10am, is_callable=False)
    planner.plan(now=monday_10am)
    contact = Contact.objects.get(wanted_by__startswith=f"step:{case.pk}:")
    contact.state, contact.error_code = ContactState.FAILED, "cannot fill product"
    contact.save()

    contact_concluded.send(Contact, contact=contact, now=monday_10am)

    assert wanted_after(contact) == []


@pytest.mark.parametrize(("tried_before", "is_tried_again"), [(3, True), (4, False)])
def test_a_message_is_tried_four_times_at_most(monday_10am, tried_before, is_tried_again):
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


def test_a_whatsapp_text_without_the_providers_name_is_planned_by_the_next_way(monday_10am):
    text = make_template(key="first_notice", channel=Channel.WHATSAPP, body="Ola. {{ protocol }}")
    make_strategy(steps=[(5, Actor.SYSTEM, Channel.WHATSAPP, "first_notice")], fallback_channel=Channel.EMAIL)
    without, with_name = (make_case(now=monday_10am, is_callable=False) for _case in range(2))

    planner.plan(now=monday_10am, limit=1)
    ProviderText.objects.create(template=text, content_sid="HX" + "0" * 32)
    planner.plan(now=monday_10am)

    channels = dict(Contact.objects.values_list("debtor", "channel"))
    assert channels == {without.debtor_id: Channel.EMAIL, with_name.debtor_id: Channel.WHATSAPP}


def test_while_another_try_may_reach_her_a_failure_told_late_leads_nowhere(monday_10am):
    first = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    second = make_contact(
        debtor=first.debtor, at=monday_10am, state=ContactState.PARKED, wanted_by=f"{first.wanted_by}:2"
    )

    fail(first, monday_10am, retired=True)

    assert wanted_after(second) == []


def test_what_was_refused_by_the_provider_goes_another_way_and_what_the_gate_refused_does_not(monday_10am):
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    Contact.objects.filter(pk=contact.pk).update(state=ContactState.FAILED)
    contact.refresh_from_db()
    tried = {"provider": "sandbox", "to": "x", "facts_hash": "", "started_at": monday_10am}
    tried["policy"] = make_policy(now=monday_10am)

    Attempt.objects.create(contact=contact, state=AttemptState.NOT_SENT, **tried)
    contact_concluded.send(Contact, contact=contact, now=monday_10am)
    assert wanted_after(contact) == []

    Attempt.objects.create(contact=contact, state=AttemptState.REJECTED, **tried)
    contact_concluded.send(Contact, contact=contact, now=monday_10am)
    assert wanted_after(contact) == [(f"{contact.wanted_by}:2", Channel.EMAIL)]


def test_a_failure_told_after_the_ladder_went_on_is_not_said_again(monday_10am):
    make_strategy(
        steps=[
            (5, Actor.SYSTEM, Channel.SMS, "first_notice"),
            (10, Actor.SYSTEM, Channel.EMAIL, "first_notice"),
        ]
    )
    case = make_case(now=monday_10am, is_callable=False, days_late=6)
    first = message_of(case, monday_10am)
    later = monday_10am + timedelta(days=5)
    planner.plan(now=later)
    planned = Contact.objects.order_by("pk").last()
    assert planned != first

    fail(first, later, retired=False)

    assert wanted_after(planned) == []


def test_a_letter_instead_is_given_the_time_it_takes_to_post_one(monday_10am):
    debtor = make_debtor(email=None)
    make_address(debtor=debtor, postal_code="01001000")
    make_template(key="first_notice", channel=Channel.LETTER)
    contact = message_of(make_case(now=monday_10am, debtor=debtor, is_callable=False), monday_10am)

    fail(contact, monday_10am, retired=True)

    letter = Contact.objects.get(channel=Channel.LETTER)
    assert letter.expires_at - letter.not_before == timedelta(days=7)


def test_no_other_way_reaches_who_refuses_contact_altogether(monday_10am, settings, tmp_path):
    settings.SANDBOX_FILE, settings.JOURNAL_DIR = tmp_path / "sandbox.jsonl", tmp_path / "journal"
    contact = message_of(make_case(now=monday_10am, is_callable=False), monday_10am)
    fail(contact, monday_10am, retired=True)
    wish = {"scope": OptOutScope.GLOBAL, "source": "x", "by": None}
    consent.opt_out(debtor=contact.debtor, **wish, now=monday_10am)

    dispatch.pump(clock=lambda: monday_10am + timedelta(hours=1))

    instead = Contact.objects.get(wanted_by=f"{contact.wanted_by}:2")
    assert instead.state == ContactState.BLOCKED
    assert "OPT_OUT_GLOBAL" in instead.objections
    assert not settings.SANDBOX_FILE.exists()
