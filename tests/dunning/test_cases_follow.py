"""A case follows the ledger, the promises and the holds, in the same transaction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.services import dispatch, holds
from contacts.vocabulary import Channel, ContactState, HoldKind, Purpose
from debtors.services import ledger, promises
from dunning import queries
from dunning.models import Case, ScheduledStep
from dunning.services import cases, intake, planner, workqueue
from dunning.vocabulary import CaseState, CloseReason, StepResult
from tests.factories import (
    make_case,
    make_debt,
    make_debtor,
    make_payment,
    make_policy,
    make_promise,
    make_strategy,
    make_template,
)

pytestmark = pytest.mark.django_db
ALL_OF_IT = 10_000 + 200 + 67  # R$ 100.00, 2 % late fee, 20 days of 1 % a month


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    for key in ("due_soon", "first_notice", "second_notice", "thank_you"):
        make_template(key=key, channel=Channel.EMAIL)
    return make_strategy()


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_paying_everything_closes_the_case_and_calls_waiting_messages_back(monday_10am):
    case = make_case(now=monday_10am, days_late=20, is_callable=False)
    planner.plan(now=monday_10am)
    [waiting] = Contact.objects.all()

    make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    closed = again(case)
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.PAID)
    assert closed.closed_at == monday_10am
    assert (closed.callable_from, closed.next_plan_on) == (None, None)
    waiting.refresh_from_db()
    assert waiting.state == ContactState.CANCELLED


def test_paying_everything_is_answered_with_thanks_once(monday_10am):
    case = make_case(now=monday_10am, days_late=20)

    payment = make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)
    cases.follow_balance(debtor_id=case.debtor_id, creditor_id=case.creditor_id, now=monday_10am)

    thanks = Contact.objects.get(wanted_by=f"thanks:{payment.pk}")
    assert (thanks.purpose, thanks.channel, thanks.template.key) == (
        Purpose.THANK_YOU,
        Channel.EMAIL,
        "thank_you",
    )


def test_a_debtor_without_any_address_pays_without_thanks(monday_10am):
    debtor = make_debtor(phone=None, email=None)
    make_case(now=monday_10am, days_late=20, debtor=debtor)

    make_payment(debtor=debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    assert Case.objects.get().state == CaseState.CLOSED
    assert Contact.objects.count() == 0


def test_a_part_payment_leaves_the_case_open_and_the_ladder_where_it_is(monday_10am):
    case = make_case(now=monday_10am, days_late=20)

    make_payment(debtor=case.debtor, amount_cents=5_000, now=monday_10am)

    assert (again(case).state, again(case).anchor_on) == (CaseState.OPEN, case.anchor_on)
    assert again(case).callable_from == case.callable_from


def test_paying_the_oldest_installment_begins_the_ladder_anew_for_the_next_one(monday_10am):
    debtor, today = make_debtor(), timezone.localdate(monday_10am)
    next_due = today + timedelta(days=10)
    case = make_case(now=monday_10am, days_late=20, debtor=debtor, with_debt=False)
    make_debt(debtor=debtor, installments=[(case.anchor_on, 10_000), (next_due, 10_000)])

    make_payment(debtor=debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    moved = again(case)
    assert (moved.state, moved.anchor_on, moved.callable_from) == (CaseState.OPEN, next_due, None)
    planner.plan(now=monday_10am + timedelta(days=7))
    [step] = ScheduledStep.objects.filter(result=StepResult.WANTED)
    assert (step.slot, step.step.offset_days) == (next_due, -3)


def test_a_payment_taken_back_opens_a_new_case(monday_10am):
    case = make_case(now=monday_10am, days_late=20)
    payment = make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    ledger.reverse_payment(payment, reason="estorno", now=monday_10am + timedelta(hours=1))
    intake.open_cases(now=monday_10am + timedelta(hours=1))

    assert again(case).state == CaseState.CLOSED
    assert Case.objects.exclude(pk=case.pk).get().state == CaseState.OPEN


def test_nobody_is_thanked_for_a_payment_that_was_taken_back(monday_10am):
    case = make_case(now=monday_10am, days_late=20)
    payment = make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    ledger.reverse_payment(payment, reason="estorno", now=monday_10am)

    assert Contact.objects.get(purpose=Purpose.THANK_YOU).state == ContactState.CANCELLED


def test_a_payment_after_one_that_was_taken_back_is_thanked_for(monday_10am):
    case = make_case(now=monday_10am, days_late=20)
    bounced = make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)
    ledger.reverse_payment(bounced, reason="estorno", now=monday_10am)
    intake.open_cases(now=monday_10am)

    payment = make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    thanks = Contact.objects.get(purpose=Purpose.THANK_YOU, state=ContactState.PLANNED)
    assert thanks.wanted_by == f"thanks:{payment.pk}"


def test_what_a_promise_put_off_is_judged_again_when_the_promise_is_withdrawn(monday_10am):
    case = make_case(now=monday_10am, days_late=20, is_callable=False)
    planner.plan(now=monday_10am)
    far = (monday_10am + timedelta(days=40)).date()
    made = make_promise(debtor=case.debtor, promised_on=far, now=monday_10am)
    Contact.objects.update(not_before=monday_10am)
    dispatch.pump(clock=lambda: monday_10am, longest_run_seconds=5)
    waiting = Contact.objects.get()
    assert (waiting.state, waiting.objections) == (ContactState.BLOCKED, ["PROMISE_GRACE"])

    promises.cancel(made, now=monday_10am)

    waiting.refresh_from_db()
    assert waiting.state == ContactState.PLANNED


def test_a_promise_lets_the_case_rest_and_takes_it_from_the_agents(monday_10am):
    case = make_case(now=monday_10am)

    make_promise(debtor=case.debtor, promised_on=(monday_10am + timedelta(days=5)).date(), now=monday_10am)

    assert (again(case).state, again(case).callable_from) == (CaseState.PROMISED, None)


def test_a_broken_promise_wakes_the_case_and_asks_for_a_kind_call(monday_10am):
    case = make_case(now=monday_10am, urgency=0)
    make_promise(debtor=case.debtor, promised_on=(monday_10am + timedelta(days=2)).date(), now=monday_10am)
    later = monday_10am + timedelta(days=4)

    promises.settle_due(now=later)

    woken = again(case)
    assert (woken.state, woken.callable_from) == (CaseState.OPEN, later)
    assert ("broken_promise", 200) in queries.urgencies(cases=[woken], now=later)[case.pk].parts
    assert woken.urgency > 200


def test_a_withdrawn_promise_wakes_the_case_without_a_call(monday_10am):
    case = make_case(now=monday_10am)
    made = make_promise(
        debtor=case.debtor, promised_on=(monday_10am + timedelta(days=2)).date(), now=monday_10am
    )

    promises.cancel(made, now=monday_10am + timedelta(hours=1))

    woken = again(case)
    assert (woken.state, woken.callable_from) == (CaseState.OPEN, None)
    assert woken.next_plan_on == timezone.localdate(monday_10am)


def test_a_kept_promise_that_pays_everything_closes_the_case(monday_10am):
    case = make_case(now=monday_10am, days_late=20)
    make_promise(
        debtor=case.debtor,
        promised_on=monday_10am.date(),
        amount_cents=ALL_OF_IT,
        now=monday_10am,
    )

    make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    assert again(case).state == CaseState.CLOSED


def test_a_hold_lets_the_debtors_cases_rest_and_its_end_wakes_them(monday_10am):
    case = make_case(now=monday_10am)
    hold = holds.place(debtor=case.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=monday_10am)

    assert cases.follow_facts(now=monday_10am) == 1
    assert (again(case).state, again(case).callable_from) == (CaseState.HELD, None)
    assert cases.follow_facts(now=monday_10am) == 0

    holds.lift(hold, why="", by=None, now=monday_10am + timedelta(days=1))
    cases.follow_facts(now=monday_10am + timedelta(days=1))

    assert (again(case).state, again(case).next_plan_on) == (
        CaseState.OPEN,
        (monday_10am + timedelta(days=1)).date(),
    )


def test_a_hold_ends_by_its_date_without_anybody_lifting_it(monday_10am):
    case = make_case(now=monday_10am)
    until = monday_10am + timedelta(days=5)
    holds.place(debtor=case.debtor, kind=HoldKind.OTHER, reason="", by=None, until=until, now=monday_10am)
    cases.follow_facts(now=monday_10am)

    cases.follow_facts(now=until - timedelta(microseconds=1))
    assert again(case).state == CaseState.HELD

    cases.follow_facts(now=until)
    assert again(case).state == CaseState.OPEN


def test_a_held_case_with_an_open_promise_wakes_into_the_promise(monday_10am):
    case = make_case(now=monday_10am)
    make_promise(debtor=case.debtor, promised_on=(monday_10am + timedelta(days=9)).date(), now=monday_10am)
    hold = holds.place(debtor=case.debtor, kind=HoldKind.OTHER, reason="", by=None, now=monday_10am)
    cases.follow_facts(now=monday_10am)
    assert again(case).state == CaseState.HELD

    holds.lift(hold, why="", by=None, now=monday_10am)
    cases.follow_facts(now=monday_10am)

    assert again(case).state == CaseState.PROMISED


def test_closing_leaves_the_agent_who_is_on_the_telephone_his_lease(monday_10am, agent):
    case = make_case(now=monday_10am, days_late=20)
    leased = workqueue.take_next(agent=agent, now=monday_10am)

    make_payment(debtor=case.debtor, amount_cents=ALL_OF_IT, now=monday_10am)

    assert (again(case).agent, again(case).fence) == (agent, leased.fence)


def test_no_live_case_is_ever_left_without_a_next_action(monday_10am):
    forgotten = make_case(now=monday_10am)
    Case.objects.filter(pk=forgotten.pk).update(callable_from=None, next_plan_on=None)
    promised_in_vain = make_case(now=monday_10am, state=CaseState.PROMISED)
    held_for_nothing = make_case(now=monday_10am, state=CaseState.HELD)
    for_an_agent = make_case(now=monday_10am)
    to_plan = make_case(now=monday_10am, is_callable=False)
    resting = make_case(now=monday_10am)
    make_promise(debtor=resting.debtor, promised_on=(monday_10am + timedelta(days=5)).date(), now=monday_10am)
    held = make_case(now=monday_10am)
    holds.place(debtor=held.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=monday_10am)
    cases.follow_facts(now=monday_10am, debtor_id=held.debtor_id)

    found = set(queries.cases_without_next_action(now=monday_10am))

    assert found == {forgotten, promised_in_vain, held_for_nothing}
    assert not found & {for_an_agent, to_plan, resting, held}


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.PROMISED, CaseState.HELD])
def test_whatever_was_missed_a_sweep_lets_the_case_stand_as_the_facts_are(monday_10am, state):
    promised, free = make_case(now=monday_10am), make_case(now=monday_10am)
    make_promise(
        debtor=promised.debtor, promised_on=(monday_10am + timedelta(days=5)).date(), now=monday_10am
    )
    closed = make_case(now=monday_10am)
    Case.objects.filter(pk__in=[promised.pk, free.pk]).update(state=state)
    Case.objects.filter(pk=closed.pk).update(
        state=CaseState.CLOSED, close_reason="paid", closed_at=monday_10am, callable_from=None
    )

    cases.follow_facts(now=monday_10am)

    assert [again(case).state for case in (promised, free, closed)] == [
        CaseState.PROMISED,
        CaseState.OPEN,
        CaseState.CLOSED,
    ]
    assert cases.follow_facts(now=monday_10am) == 0
