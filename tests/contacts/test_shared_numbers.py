"""A telephone shared by several debtors: its own caps count every one of them, whoever calls and why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections

from contacts import queries
from contacts.models import Contact
from contacts.services import admission, calls, dispatch, outbox
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors.vocabulary import PointKind
from dunning.services import calling, outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    house_creditor,
    make_address,
    make_agent,
    make_case,
    make_contact,
    make_creditor,
    make_debt,
    make_debtor,
    make_phone,
    make_policy,
    make_template,
)
from tests.factories.local_rules import make_block_list

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
HOUSE_PHONE = "+5511987650000"
ONCE_A_DAY = {"point": {"per_day": 1}}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    """The file in which the sandbox keeps what left the house."""
    settings.CHANNELS = {"sms": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    return settings.SANDBOX_FILE


def member_of_the_family(**about):
    debtor = make_debtor(phone=HOUSE_PHONE, email=None, **about)
    make_debt(debtor=debtor)
    return debtor


def want(debtor, *, purpose=Purpose.COLLECTION, creditor=None):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}:{purpose}",
            debtor=debtor,
            creditor=creditor or house_creditor(),
            channel=Channel.SMS,
            purpose=purpose,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )


def objections_to(debtor, *, channel=Channel.SMS, now=MONDAY_10AM):
    return queries.may_contact(debtor=debtor, channel=channel, now=now).best.reasons


def call(debtor, *, creditor=None):
    number = debtor.points.get(value=HOUSE_PHONE)
    return calls.place(
        debtor=debtor,
        creditor=creditor or house_creditor(),
        point=number,
        agent=make_agent(),
        wanted_by=f"call:{debtor.pk}",
        now=MONDAY_10AM,
    )


def test_two_messages_judged_in_one_batch_are_not_both_let_to_the_same_telephone(sandbox):
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    for _ in range(3):
        want(member_of_the_family())
    want(make_debtor_with_a_number_of_his_own())

    dispatch.pump(clock=lambda: MONDAY_10AM)

    assert len(sandbox.read_text().splitlines()) == 2
    waiting = Contact.objects.filter(state=ContactState.PLANNED)
    assert {tuple(contact.objections) for contact in waiting} == {("CAP_DAY_POINT",)}
    assert all(contact.not_before > MONDAY_10AM for contact in waiting)


def make_debtor_with_a_number_of_his_own():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


def test_an_agents_own_call_counts_for_everybody_behind_the_number():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    mother, son = member_of_the_family(), member_of_the_family()

    call(mother)

    assert objections_to(son) == ("CAP_DAY_POINT",)
    with pytest.raises(calls.NotAllowedError):
        call(son)


def test_an_automatic_reply_counts_like_any_message(sandbox):
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY | {"total": {"per_day": 1}})
    mother, son = member_of_the_family(), member_of_the_family()
    want(mother, purpose=Purpose.REPLY)

    dispatch.pump(clock=lambda: MONDAY_10AM)

    assert len(sandbox.read_text().splitlines()) == 1
    assert objections_to(mother) == ("CAP_DAY_POINT", "CAP_DAY_TOTAL")
    assert objections_to(son) == ("CAP_DAY_POINT",)


def test_a_callback_is_not_promised_where_the_family_was_called_enough():
    make_policy(now=MONDAY_10AM, caps={"point": {"per_7_days": 1}})
    agent, mother, son = make_agent(), member_of_the_family(), member_of_the_family()
    call(mother)
    case = workqueue.take(make_case(now=MONDAY_10AM, debtor=son), agent=agent, now=MONDAY_10AM)

    def asks_for_a_call(*, after):
        outcomes.record(
            case=case,
            agent=agent,
            fence=case.fence,
            disposition=Disposition.CALLBACK,
            callback_at=MONDAY_10AM + after,
            now=MONDAY_10AM,
        )

    with pytest.raises(outcomes.CallbackRefusedError):
        asks_for_a_call(after=timedelta(days=2))
    asks_for_a_call(after=timedelta(days=8))


def test_a_callback_counts_when_it_is_made():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    agent, mother, son = make_agent(), member_of_the_family(), member_of_the_family()
    case = make_case(now=MONDAY_10AM, debtor=mother)
    type(case).objects.filter(pk=case.pk).update(callback_at=MONDAY_10AM)
    case = workqueue.take(case, agent=agent, now=MONDAY_10AM)

    calling.dial(case, agent=agent, fence=case.fence, point=mother.points.get(), now=MONDAY_10AM)

    assert objections_to(son, channel=Channel.VOICE) == ("CAP_DAY_POINT",)


def test_contacts_count_whichever_creditor_they_were_for():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY | {"total": {"per_day": 1}})
    mother, son = member_of_the_family(), member_of_the_family()
    other = make_creditor()
    make_debt(debtor=mother, creditor=other)

    call(mother, creditor=other)

    for_the_house = queries.may_contact(
        debtor=mother, channel=Channel.SMS, now=MONDAY_10AM, creditor_id=house_creditor().pk
    )
    assert for_the_house.best.reasons == ("CAP_DAY_POINT", "CAP_DAY_TOTAL")
    assert objections_to(son) == ("CAP_DAY_POINT",)


def test_a_number_used_enough_leads_on_to_the_next_best_one():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    mother, son = member_of_the_family(), member_of_the_family()
    own = make_phone(debtor=son)

    call(mother)

    best = queries.may_contact(debtor=son, channel=Channel.SMS, now=MONDAY_10AM).best
    assert (best.is_allowed, best.point) == (True, own)


def test_where_no_number_may_be_used_now_the_message_waits_for_the_one_that_is_free_first(sandbox):
    make_policy(now=MONDAY_10AM, caps={"point": {"gap_minutes": 60}})
    son, mother = member_of_the_family(), member_of_the_family()
    other = make_phone(debtor=son, number="+5511987650009")
    make_block_list(other.value, now=MONDAY_10AM)
    make_contact(debtor=mother, at=MONDAY_10AM - timedelta(minutes=20))
    waits = want(son)

    dispatch.pump(clock=lambda: MONDAY_10AM, pause=lambda _seconds: None)
    waits.refresh_from_db()
    assert (waits.state, waits.objections) == (ContactState.PLANNED, ["GAP_POINT"])
    assert timedelta(minutes=40) <= waits.not_before - MONDAY_10AM < timedelta(hours=3)

    later = waits.not_before
    dispatch.pump(clock=lambda: later, pause=lambda _seconds: None)
    waits.refresh_from_db()
    assert waits.state == ContactState.SENT


def test_what_the_person_was_asked_enough_is_asked_at_no_other_number():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY | {"total": {"per_day": 1}})
    mother = member_of_the_family()
    make_phone(debtor=mother)

    call(mother)

    assert objections_to(mother) == ("CAP_DAY_TOTAL",)


def test_what_a_stranger_had_at_his_workplace_number_counts_there_too():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY, block_workplace=False)
    mother = make_debtor(phone=None, email=None)
    make_phone(debtor=mother, number=HOUSE_PHONE, kind=PointKind.WORKPLACE)
    make_debt(debtor=mother)
    son = member_of_the_family()

    make_contact(
        debtor=mother, at=MONDAY_10AM - timedelta(hours=1), channel=Channel.VOICE, outcome=Outcome.VOICEMAIL
    )

    assert objections_to(son) == ("CAP_DAY_POINT",)


def test_two_streets_of_the_same_name_are_two_addresses():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    here, elsewhere = make_debtor(), make_debtor()
    for debtor, city in ((here, "São Paulo"), (elsewhere, "Campinas")):
        make_debt(debtor=debtor)
        make_address(debtor=debtor, street="Rua A, 1", city=city)
    make_contact(
        debtor=here,
        at=MONDAY_10AM - timedelta(hours=1),
        channel=Channel.LETTER,
        point=here.points.get(medium="address"),
    )

    assert objections_to(elsewhere, channel=Channel.LETTER) == ()


def test_two_streets_of_the_same_name_are_two_addresses_within_one_batch_too():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    both = [make_debtor(), make_debtor()]
    for debtor, city in zip(both, ("São Paulo", "Campinas"), strict=True):
        make_debt(debtor=debtor)
        make_address(debtor=debtor, street="Rua A, 1", city=city)
    known = queries.gather(both, now=MONDAY_10AM)
    first = known.asked(both[0].pk, channel=Channel.LETTER).best

    known.count_at(first.point, channel=Channel.LETTER)

    assert first.is_allowed
    assert known.asked(both[1].pk, channel=Channel.LETTER).best.is_allowed


def test_a_policy_that_knows_no_cap_for_the_number_lets_each_of_the_family_be_called():
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    mother, son = member_of_the_family(), member_of_the_family()

    call(mother)

    assert objections_to(son) == ()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_who_judge_the_family_at_the_same_moment_let_one_message_to_its_telephone():
    make_policy(now=MONDAY_10AM, caps=ONCE_A_DAY)
    turns, workers = 8, 4
    family = [member_of_the_family() for _ in range(workers)]

    for turn in range(turns):
        Contact.objects.all().update(started_at=MONDAY_10AM - timedelta(days=9), state=ContactState.FAILED)
        claimed = []
        for debtor in family:
            wanted = outbox.want(
                Contact(
                    wanted_by=f"test:{debtor.pk}:{turn}",
                    debtor=debtor,
                    creditor=house_creditor(),
                    channel=Channel.SMS,
                    template=make_template(),
                    not_before=MONDAY_10AM,
                    created_at=MONDAY_10AM,
                )
            )
            claimed.append(outbox.claim_one(wanted, now=MONDAY_10AM))

        assert sum(admitted_at_once(claimed)) == 1


def admitted_at_once(claimed):
    start = Barrier(len(claimed))

    def admit(each):
        start.wait()
        try:
            return admission.admit(each, now=MONDAY_10AM) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(claimed)) as threads:
        return list(threads.map(admit, claimed))
