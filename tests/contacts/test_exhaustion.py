"""A number that nobody answers is left in peace after as many calls as the manager allows."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts import queries
from contacts.services import calls, outbox
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.vocabulary import PointStatus
from dunning.services import calling, outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    house_creditor,
    make_agent,
    make_call,
    make_case,
    make_contact,
    make_debt,
    make_debtor,
    make_phone,
    make_policy,
)

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(settings):
    """Agents dial by hand."""
    settings.CHANNELS = {"voice": "manual"}


@pytest.fixture
def debtor():
    debtor = make_debtor(email=None)
    make_debt(debtor=debtor)
    return debtor


def last_call(debtor, *, outcome=Outcome.NO_ANSWER):
    """Place one more call to the debtor's first number, and say how it ended."""
    placed = calls.place(
        debtor=debtor,
        creditor=house_creditor(),
        point=debtor.points.order_by("pk").first(),
        agent=make_agent(),
        wanted_by=f"call:{debtor.pk}:last",
        now=MONDAY_10AM,
    )
    outbox.conclude(placed, outcome=outcome, now=MONDAY_10AM)
    return debtor.points.order_by("pk").first()


def test_the_last_try_allowed_retires_the_number_and_says_why(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    for days in (8, 4):
        make_call(debtor=debtor, at=MONDAY_10AM - days * DAY)

    point = last_call(debtor, outcome=Outcome.VOICEMAIL)

    assert (point.status, point.status_since) == (PointStatus.EXHAUSTED, MONDAY_10AM)
    (change,) = point.changes.all()
    assert "3" in change.source


def test_the_next_best_number_is_tried_then(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    other = make_phone(debtor=debtor)
    for days in (8, 4):
        make_call(debtor=debtor, at=MONDAY_10AM - days * DAY)

    last_call(debtor)

    best = queries.may_contact(debtor=debtor, channel=Channel.VOICE, now=MONDAY_10AM + DAY).best
    assert best.point == other
    assert best.is_allowed


@pytest.mark.parametrize(
    "between",
    [
        {"channel": Channel.VOICE, "outcome": Outcome.CONVERSATION},
        {"channel": Channel.VOICE, "outcome": Outcome.WRONG_PERSON},
    ],
)
def test_whoever_answered_in_between_began_the_row_anew(debtor, between):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    make_call(debtor=debtor, at=MONDAY_10AM - 9 * DAY)
    make_call(debtor=debtor, at=MONDAY_10AM - 8 * DAY)
    make_contact(debtor=debtor, at=MONDAY_10AM - 6 * DAY, **between)
    make_call(debtor=debtor, at=MONDAY_10AM - 4 * DAY)

    assert last_call(debtor).status == PointStatus.NEW


def test_a_word_that_came_from_the_number_shows_that_somebody_is_there(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    for days in (9, 8):
        make_call(debtor=debtor, at=MONDAY_10AM - days * DAY)
    calls.record_inbound(
        wanted_by="inbound:SM1",
        debtor=debtor,
        channel=Channel.SMS,
        outcome=Outcome.INBOUND,
        point=debtor.points.get(),
        now=MONDAY_10AM - 6 * DAY,
    )

    assert last_call(debtor).status == PointStatus.NEW


def test_messages_and_calls_that_never_rang_are_no_tries(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    make_call(debtor=debtor, at=MONDAY_10AM - 9 * DAY)
    for days in (8, 7, 6):
        make_contact(debtor=debtor, at=MONDAY_10AM - days * DAY, outcome=Outcome.DELIVERED)
        make_contact(debtor=debtor, at=MONDAY_10AM - days * DAY, state=ContactState.FAILED, outcome="")

    assert last_call(debtor).status == PointStatus.NEW


def test_the_calls_to_another_debtor_at_the_same_number_are_his_own(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    other = make_debtor(phone=debtor.points.get().value, email=None)
    for days in (9, 8, 7):
        make_call(debtor=other, at=MONDAY_10AM - days * DAY)

    assert last_call(debtor).status == PointStatus.NEW


def test_a_policy_that_names_no_number_of_tries_gives_up_no_number(debtor):
    make_policy(now=MONDAY_10AM)
    for days in range(1, 25):
        make_call(debtor=debtor, at=MONDAY_10AM - days * DAY)

    assert last_call(debtor).status == PointStatus.NEW


def test_an_agents_third_no_answer_gives_the_number_up(debtor):
    make_policy(now=MONDAY_10AM, exhausted_after_tries=3)
    agent, case = make_agent(), make_case(now=MONDAY_10AM, debtor=debtor)

    for days in range(3):
        now = MONDAY_10AM + days * DAY
        case = workqueue.take(case, agent=agent, now=now)
        calling.dial(case, agent=agent, fence=case.fence, point=debtor.points.get(), now=now)
        outcomes.record(case=case, agent=agent, fence=case.fence, disposition=Disposition.NO_ANSWER, now=now)

    point = debtor.points.get()
    assert point.status == PointStatus.EXHAUSTED
    verdict = queries.may_contact(debtor=debtor, channel=Channel.VOICE, now=now + DAY).best
    assert verdict.reasons == ("POINT_INVALID",)
