"""What a refusal means: of the person it is final for every number, of one number the next best is tried."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts import queries
from contacts.channels.sandbox import read_messages
from contacts.models import Contact
from contacts.services import admission, consent, delivery, dispatch, outbox, policy
from contacts.services.delivery import Text
from contacts.vocabulary import Channel, ContactState, OptOutScope
from debtors.vocabulary import PointKind, PointStatus
from dunning.models import Case
from dunning.services import calling, outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    confirm_person,
    house_creditor,
    make_agent,
    make_case,
    make_debtor,
    make_phone,
    make_policy,
    make_template,
)

MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)  # 10:00 in São Paulo
DAY = timedelta(days=1)
FIRST, SECOND, AT_WORK = "+5511987650001", "+5511987650002", "+551132100003"

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria():
    """Twenty days late, with two mobiles of her own and a number at work."""
    maria = make_debtor(name="Maria Souza", phone=FIRST, email=None)
    make_phone(debtor=maria, number=SECOND)
    make_phone(debtor=maria, number=AT_WORK, kind=PointKind.WORKPLACE, is_mobile=False)
    return maria


@pytest.fixture
def case(maria) -> Case:
    return make_case(now=MONDAY, debtor=maria)


def remind(debtor, *, now, name="1"):
    outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}:{name}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=now,
            created_at=now,
        )
    )
    dispatch.pump(clock=lambda: now)


def reached(sandbox) -> list[str]:
    return [message.to for message in reversed(read_messages(sandbox, limit=100))] if sandbox.exists() else []


def writes(number, body, *, now, sid="SM1"):
    delivery.receive_text(
        Text(provider="twilio", provider_id=sid, channel=Channel.SMS, sender=number, body=body, payload={}),
        now=now,
    )


def call(case, *, agent, now, disposition):
    """Let the agent call the best number and record what it came to; return the number dialled."""
    held = workqueue.take(case, agent=agent, now=now)
    best = queries.may_contact(debtor=held.debtor, channel=Channel.VOICE, now=now).best
    calling.dial(held, agent=agent, fence=held.fence, point=best.point, now=now)
    confirm_person(held, now=now)
    outcomes.record(case=held, agent=agent, fence=held.fence, disposition=disposition, now=now)
    return best.point.value


def test_a_stranger_answers_and_the_next_best_number_is_tried_but_never_the_one_at_work(case, sandbox):
    policy.ship_default(now=MONDAY)
    agent = make_agent()

    assert call(case, agent=agent, now=MONDAY, disposition=Disposition.WRONG_PERSON) == FIRST
    assert call(case, agent=agent, now=MONDAY + DAY, disposition=Disposition.WRONG_PERSON) == SECOND

    verdict = queries.may_contact(debtor=case.debtor, channel=Channel.VOICE, now=MONDAY + 2 * DAY).best
    assert not verdict.is_allowed
    assert case.debtor.points.get(value=AT_WORK).status == PointStatus.NEW  # known, and left alone


def test_a_number_at_which_she_wants_no_contact_leads_to_the_other_one(case, maria, sandbox):
    make_policy(now=MONDAY)
    consent.opt_out(
        debtor=maria,
        scope=OptOutScope.POINT,
        point=maria.points.get(value=FIRST),
        source="said so",
        by=None,
        now=MONDAY,
    )

    remind(maria, now=MONDAY)

    assert reached(sandbox) == [SECOND]


@pytest.mark.parametrize(("scope", "channel"), [(OptOutScope.GLOBAL, ""), (OptOutScope.CHANNEL, Channel.SMS)])
def test_a_wish_about_the_person_is_carried_to_no_other_number(case, maria, sandbox, scope, channel):
    make_policy(now=MONDAY)
    consent.opt_out(debtor=maria, scope=scope, channel=channel, source="said so", by=None, now=MONDAY)

    remind(maria, now=MONDAY)

    assert reached(sandbox) == []
    assert Contact.objects.get(wanted_by__startswith="test:").state == ContactState.BLOCKED


def test_an_answer_that_asks_for_peace_silences_every_number_of_the_channel(case, maria, sandbox):
    make_policy(now=MONDAY)
    remind(maria, now=MONDAY)
    assert reached(sandbox) == [FIRST]

    writes(FIRST, "PARAR", now=MONDAY + DAY)
    remind(maria, now=MONDAY + DAY, name="2")

    assert reached(sandbox) == [FIRST]


def test_a_stranger_who_writes_not_me_is_left_and_she_is_reached_at_the_other_number(case, maria, sandbox):
    make_policy(now=MONDAY)
    remind(maria, now=MONDAY)

    writes(FIRST, "não sou eu", now=MONDAY + timedelta(hours=1))
    remind(maria, now=MONDAY + DAY, name="2")

    assert reached(sandbox) == [FIRST, SECOND]
    assert maria.points.get(value=FIRST).changes.get().status == PointStatus.DO_NOT_CONTACT


def test_a_limit_reached_for_the_person_is_not_stretched_by_another_number(case, maria, sandbox):
    make_policy(now=MONDAY, caps={"total": {"per_day": 1}})
    remind(maria, now=MONDAY)

    remind(maria, now=MONDAY + timedelta(hours=2), name="2")

    assert reached(sandbox) == [FIRST]


def test_a_number_given_up_during_a_first_try_is_not_insisted_on_at_the_second(case, maria, sandbox):
    make_policy(now=MONDAY)
    wanted = outbox.want(
        Contact(
            wanted_by="test:1",
            debtor=maria,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY,
            created_at=MONDAY,
        )
    )
    admitted = admission.admit(outbox.claim_one(wanted, now=MONDAY), now=MONDAY)
    assert admitted.attempt.to == FIRST

    writes(FIRST, "não sou eu", now=MONDAY)  # before it was handed over: it is taken back
    dispatch.pump(clock=lambda: MONDAY + timedelta(minutes=1))

    assert reached(sandbox) == [SECOND]
