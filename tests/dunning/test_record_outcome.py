"""What an agent records moves everything on, in one transaction."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact, Hold, OptOut
from contacts.services import admission, calls, outbox
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope, Outcome
from debtors.models import Debtor, PromiseToPay
from debtors.services.promises import PromiseRefusedError
from debtors.vocabulary import PointStatus, PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome
from dunning.rules.outcomes import FOLLOWS
from dunning.services import calling, outcomes, planner, workqueue
from dunning.services.outcomes import CallbackRefusedError, MissingDetailError, PromiseTerms
from dunning.services.workqueue import StaleLeaseError
from dunning.vocabulary import CaseState, Disposition
from tests.factories import (
    confirm_person,
    make_agent,
    make_case,
    make_contact,
    make_debt,
    make_debtor,
    make_phone,
    make_policy,
    make_strategy,
    make_template,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()


@pytest.fixture
def case(agent, monday_10am) -> Case:
    """A case the agent holds."""
    make_case(now=monday_10am)
    found = workqueue.take_next(agent=agent, now=monday_10am)
    assert found
    return found


def phone_of(case: Case):
    return case.debtor.points.filter(medium="phone").first()


def dial(case: Case, now: datetime) -> Contact:
    return calling.dial(case, agent=case.agent, fence=case.fence, point=phone_of(case), now=now)


def record(case: Case, disposition: Disposition, *, now: datetime, **details) -> CaseOutcome:
    if FOLLOWS[disposition].needs_confirmation:
        confirm_person(case, now=now)
    return outcomes.record(
        case=case, agent=case.agent, fence=case.fence, disposition=disposition, now=now, **details
    )


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_conversation_is_kept_the_lease_ends_and_the_ladder_goes_on(case, monday_10am):
    call = dial(case, monday_10am)
    later = monday_10am + timedelta(minutes=3)

    kept = record(case, Disposition.SPOKE, note="Vai ver o boleto.", now=later)

    call.refresh_from_db()
    assert (call.state, call.outcome, call.concluded_at) == (
        ContactState.CONCLUDED,
        Outcome.CONVERSATION,
        later,
    )
    assert (kept.note, kept.contact_id, kept.agent, kept.fence) == (
        "Vai ver o boleto.",
        call.pk,
        case.agent,
        case.fence,
    )
    assert (again(case).agent, again(case).leased_until, again(case).callable_from) == (None, None, None)
    phone = phone_of(case)
    assert phone.status == PointStatus.VERIFIED


def test_a_promise_rests_the_case(case, monday_10am):
    dial(case, monday_10am)
    on = (monday_10am + timedelta(days=5)).date()

    record(
        case, Disposition.PROMISE, promise=PromiseTerms(amount_cents=5_000, promised_on=on), now=monday_10am
    )

    promise = PromiseToPay.objects.get()
    assert (promise.amount_cents, promise.promised_on, promise.made_to, promise.status) == (
        5_000,
        on,
        case.agent,
        PromiseStatus.OPEN,
    )
    assert again(case).state == CaseState.PROMISED


def test_a_promise_that_cannot_be_taken_leaves_everything_as_it_was(case, monday_10am):
    call = dial(case, monday_10am)
    past = PromiseTerms(amount_cents=5_000, promised_on=date(2026, 11, 1))

    with pytest.raises(PromiseRefusedError):
        record(case, Disposition.PROMISE, promise=past, now=monday_10am)

    call.refresh_from_db()
    assert call.state == ContactState.SENT
    assert CaseOutcome.objects.count() == 0
    assert again(case).agent == case.agent


def test_nobody_answers_three_times_and_the_agents_rest(case, monday_10am, agent):
    now, waits = monday_10am, []
    for _ in range(3):
        dial(case, now)
        record(case, Disposition.NO_ANSWER, now=now)
        next_try = again(case).callable_from
        waits.append(next_try - now if next_try else None)
        now += timedelta(hours=26)
        if next_try:
            case = workqueue.take_next(agent=agent, now=now)

    assert waits == [timedelta(hours=26), timedelta(hours=26), None]


def test_three_new_tries_come_with_the_ladders_next_call(case, monday_10am, agent):
    for days in range(3):
        CaseOutcome.objects.create(
            case=case,
            disposition=Disposition.NO_ANSWER,
            agent=agent,
            fence=100 + days,
            recorded_at=monday_10am - timedelta(days=9 - days),
        )
    Case.objects.filter(pk=case.pk).update(next_plan_on=monday_10am.date())
    make_template_for_ladder()
    for days in (0, 2):
        planner.plan(now=monday_10am + timedelta(days=days))
    later = monday_10am + timedelta(days=2, hours=1)
    dial(case, later)

    record(case, Disposition.NO_ANSWER, now=later)

    assert again(case).callable_from == later + timedelta(hours=26)


def make_template_for_ladder() -> None:
    for key in ("first_notice", "second_notice"):
        make_template(key=key, channel=Channel.EMAIL)
        make_template(key=key, channel=Channel.SMS)


def test_a_wrong_number_is_retired_for_everybody_and_the_next_best_one_tried(case, monday_10am, agent):
    number = phone_of(case)
    neighbour = make_phone(debtor=make_debtor(), number=number.value)
    better = make_phone(debtor=case.debtor)
    dial(case, monday_10am)

    record(case, Disposition.WRONG_PERSON, now=monday_10am)

    number.refresh_from_db()
    neighbour.refresh_from_db()
    assert (number.status, neighbour.status) == (PointStatus.WRONG_NUMBER, PointStatus.WRONG_NUMBER)
    assert again(case).callable_from == monday_10am
    taken = workqueue.take_next(agent=agent, now=monday_10am)
    assert calling.dial(taken, agent=agent, fence=taken.fence, point=better, now=monday_10am).point == better


def test_a_wrong_number_without_another_one_leaves_the_next_move_to_the_ladder(case, monday_10am):
    dial(case, monday_10am)

    record(case, Disposition.WRONG_PERSON, now=monday_10am)

    assert again(case).callable_from is None


def test_after_a_conversation_what_was_about_to_leave_for_him_stays(case, monday_10am):
    make_policy(now=monday_10am, conversation_cooldown_hours=48)
    dial(case, monday_10am)
    admitted = admit_message(case.debtor, now=monday_10am)

    record(case, Disposition.SPOKE, now=monday_10am)

    assert not outbox.hand_over(admitted.attempt, now=monday_10am)


def test_what_was_about_to_leave_for_a_number_found_wrong_stays_whomever_it_was_for(case, monday_10am):
    neighbour = make_debtor(phone=phone_of(case).value, email=None)
    make_debt(debtor=neighbour)
    dial(case, monday_10am)
    admitted = admit_message(neighbour, now=monday_10am)

    record(case, Disposition.WRONG_PERSON, now=monday_10am)

    assert not outbox.hand_over(admitted.attempt, now=monday_10am)


def admit_message(debtor: Debtor, *, now: datetime) -> admission.Admitted:
    """Return a text message to a debtor that may leave, and has not."""
    message = make_contact(debtor=debtor, at=now, state=ContactState.PLANNED)
    Contact.objects.filter(pk=message.pk).update(template=make_template())
    claimed = outbox.claim_one(message, now=now)
    return (claimed and admission.admit(claimed, now=now)) or pytest.fail("it was not admitted")


@pytest.mark.parametrize(
    ("disposition", "kind", "lasts"),
    [
        (Disposition.DISPUTE, HoldKind.DISPUTE, None),
        (Disposition.DECEASED, HoldKind.DECEASED, None),
        (Disposition.ALREADY_PAID, HoldKind.ALREADY_PAID, timedelta(days=5)),
    ],
)
def test_what_must_rest_is_held_and_the_case_with_it(case, monday_10am, disposition, kind, lasts):
    dial(case, monday_10am)

    record(case, disposition, note="Diz que já pagou.", now=monday_10am)

    hold = Hold.objects.get()
    until = monday_10am + lasts if lasts else None
    assert (hold.debtor, hold.kind, hold.active_until, hold.reason) == (
        case.debtor,
        kind,
        until,
        "Diz que já pagou.",
    )
    assert (again(case).state, again(case).callable_from) == (CaseState.HELD, None)
    assert not queries.cases_without_next_action(now=monday_10am).exists()


def test_who_asks_not_to_be_contacted_is_not(case, monday_10am):
    dial(case, monday_10am)

    record(case, Disposition.OPT_OUT, now=monday_10am)

    wish = OptOut.objects.get()
    assert (wish.debtor, wish.scope, wish.recorded_by) == (case.debtor, OptOutScope.GLOBAL, case.agent)
    assert again(case).callable_from is None


def test_a_callback_returns_at_its_moment_before_everything_else(case, monday_10am, agent):
    dial(case, monday_10am)
    wednesday = monday_10am + timedelta(days=2)

    record(case, Disposition.CALLBACK, callback_at=wednesday, now=monday_10am)

    assert (again(case).callable_from, again(case).callback_at) == (wednesday, wednesday)
    make_case(now=wednesday, urgency=400)
    assert workqueue.take_next(agent=make_agent(), now=wednesday - timedelta(minutes=1)) != case
    Case.objects.update(agent=None, leased_until=None)
    assert workqueue.take_next(agent=agent, now=wednesday) == case


def test_a_callback_at_a_forbidden_time_is_refused_with_the_next_allowed_moment(case, monday_10am):
    call = dial(case, monday_10am)
    night = timezone.make_aware(datetime(2026, 11, 18, 22, 0))

    with pytest.raises(CallbackRefusedError) as caught:
        record(case, Disposition.CALLBACK, callback_at=night, now=monday_10am)

    assert caught.value.verdict.reasons == ("OUTSIDE_HOURS",)
    assert caught.value.verdict.next_allowed == timezone.make_aware(datetime(2026, 11, 19, 8, 30))
    call.refresh_from_db()
    assert (call.state, CaseOutcome.objects.count()) == (ContactState.SENT, 0)


def test_a_callback_is_not_promised_against_a_rule_of_the_creditor(case, monday_10am):
    make_overlay(now=monday_10am, creditor=case.creditor, windows=daily("09:00", "12:00"))
    dial(case, monday_10am)

    thursday_4pm = monday_10am + timedelta(days=3, hours=6)

    with pytest.raises(CallbackRefusedError) as caught:
        record(case, Disposition.CALLBACK, callback_at=thursday_4pm, now=monday_10am)

    assert caught.value.verdict.reasons == ("OUTSIDE_HOURS",)


def test_a_callback_counts_the_call_that_was_just_made(case, monday_10am):
    make_policy(now=monday_10am, caps={"channels": {"voice": {"per_day": 1}}})
    dial(case, monday_10am)

    with pytest.raises(CallbackRefusedError) as caught:
        record(case, Disposition.CALLBACK, callback_at=monday_10am + timedelta(hours=3), now=monday_10am)

    assert caught.value.verdict.reasons == ("CAP_DAY_CHANNEL",)


@pytest.mark.parametrize(
    ("disposition", "what"),
    [
        (Disposition.PROMISE, "promise"),
        (Disposition.CALLBACK, "callback"),
        (Disposition.NO_ANSWER, "call"),
        (Disposition.VOICEMAIL, "call"),
    ],
)
def test_an_outcome_without_what_it_needs_is_refused(case, monday_10am, disposition, what):
    with pytest.raises(MissingDetailError) as caught:
        record(case, disposition, now=monday_10am)

    assert caught.value.what == what
    assert CaseOutcome.objects.count() == 0


def test_a_callback_in_the_past_is_refused(case, monday_10am):
    with pytest.raises(MissingDetailError):
        record(case, Disposition.CALLBACK, callback_at=monday_10am, now=monday_10am)


def test_the_debtors_own_call_counts_as_a_conversation(case, monday_10am):
    record(case, Disposition.SPOKE, now=monday_10am)

    own = Contact.objects.get()
    assert (own.is_inbound, own.channel, own.outcome) == (True, Channel.VOICE, Outcome.CONVERSATION)


def test_recording_twice_is_one_outcome_and_another_word_is_refused(case, monday_10am):
    first = record(case, Disposition.SPOKE, now=monday_10am)

    assert record(case, Disposition.SPOKE, now=monday_10am) == first
    with pytest.raises(StaleLeaseError):
        record(case, Disposition.DISPUTE, now=monday_10am)
    assert CaseOutcome.objects.count() == 1


def test_a_case_that_another_agent_took_meanwhile_is_refused(case, monday_10am):
    later = monday_10am + timedelta(minutes=6)
    taken = workqueue.take_next(agent=make_agent(), now=later)
    assert taken == case

    with pytest.raises(StaleLeaseError):
        record(case, Disposition.SPOKE, now=later)
    with pytest.raises(StaleLeaseError):
        dial(case, later)


def test_what_is_heard_after_the_case_closed_still_finds_a_place(case, monday_10am):
    dial(case, monday_10am)
    Case.objects.filter(pk=case.pk).update(
        state=CaseState.CLOSED, close_reason="paid", closed_at=monday_10am, callable_from=None
    )

    record(case, Disposition.SPOKE, now=monday_10am)

    assert CaseOutcome.objects.count() == 1
    assert (again(case).state, again(case).agent) == (CaseState.CLOSED, None)


def test_dialling_twice_is_one_call(case, monday_10am):
    assert dial(case, monday_10am) == dial(case, monday_10am + timedelta(seconds=1))


def test_a_call_the_gate_objects_to_is_not_placed(case, monday_10am):
    night = monday_10am + timedelta(hours=11)

    with pytest.raises(calls.NotAllowedError) as caught:
        dial(case, night)

    assert caught.value.verdict.reasons == ("OUTSIDE_HOURS",)
    assert not Contact.objects.exclude(state=ContactState.CANCELLED).exists()
