"""Planner, agents, payments and holds work on the same cases at once: nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections

from contacts.models import Contact
from contacts.services import dispatch, holds
from contacts.vocabulary import Channel, HoldKind
from debtors.models import ContactPoint, Debtor
from debtors.vocabulary import PointStatus
from dunning import queries
from dunning.models import Case, ScheduledStep
from dunning.services import calling, cases, outcomes, planner, workqueue
from dunning.vocabulary import CaseState, Disposition
from tests.factories import (
    confirm_person,
    make_agent,
    make_case,
    make_debtor,
    make_payment,
    make_policy,
    make_promise,
    make_strategy,
    make_template,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CASES, TURNS = 24, 20


def at_once(*works: Callable[[int], None]) -> None:
    """Do every work TURNS times, all of them at the same time; what one raises is raised."""
    start = Barrier(len(works))

    def repeat(work: Callable[[int], None]) -> None:
        start.wait()
        try:
            for turn in range(TURNS):
                work(turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(repeat, work) for work in works]:
            done.result()


def test_nobody_waits_in_a_circle_and_every_case_keeps_a_next_action(monday_10am):
    now = monday_10am
    make_policy(now=now)
    for key in ("due_soon", "first_notice", "second_notice", "thank_you"):
        make_template(key=key, channel=Channel.EMAIL)
        make_template(key=key, channel=Channel.SMS)
    strategy, agents = make_strategy(minimum_gap_days=0), [make_agent(), make_agent()]
    made = [make_case(now=now, strategy=strategy, days_late=6 + n % 9) for n in range(CASES)]
    Case.objects.update(next_plan_on=now.date())
    debtors = list(Debtor.objects.order_by("pk"))

    def later(turn: int) -> datetime:
        return now + timedelta(hours=turn)

    def plan(turn: int) -> None:
        for case in made:  # one statement each: the test itself must not wait in a circle
            Case.objects.filter(pk=case.pk, state=CaseState.OPEN).update(next_plan_on=now.date())
        planner.plan(now=later(turn))

    def work(agent) -> Callable[[int], None]:
        def press(turn: int) -> None:
            case = workqueue.take_next(agent=agent, now=now)
            if case:
                confirm_person(case, now=now)
                outcomes.record(
                    case=case, agent=agent, fence=case.fence, disposition=Disposition.SPOKE, now=now
                )

        return press

    def pay(turn: int) -> None:
        make_payment(debtor=debtors[turn], amount_cents=4_000 + turn % 2 * 10_000, now=later(turn))

    def promise(turn: int) -> None:
        debtor = debtors[-1 - turn]
        if Case.objects.get(debtor=debtor).state == CaseState.OPEN:
            make_promise(
                debtor=debtor, promised_on=(now + timedelta(days=9)).date(), amount_cents=100, now=now
            )

    def hold(turn: int) -> None:
        debtor = debtors[turn * 5 % CASES]
        holds.place(debtor=debtor, kind=HoldKind.OTHER, reason="", by=None, now=now)
        cases.follow_facts(now=later(turn))

    at_once(plan, plan, work(agents[0]), work(agents[1]), pay, promise, hold, lambda turn: send(later(turn)))

    cases.follow_facts(now=later(TURNS))
    assert not queries.cases_without_next_action(now=later(TURNS)).exists()
    names = list(ScheduledStep.objects.values_list("case", "step", "slot"))
    assert len(names) == len(set(names)) > 0
    assert Contact.objects.filter(wanted_by__startswith="step:").count() <= len(names)
    assert Case.objects.count() == len(made)


def test_two_agents_who_reach_the_same_stranger_do_not_wait_for_each_other(monday_10am):
    make_policy(now=monday_10am)
    make_strategy()
    agents, number = [make_agent(), make_agent()], "+5511987654321"
    made = [make_case(now=monday_10am, debtor=make_debtor(phone=number)) for _turn in range(2 * TURNS)]
    held = [workqueue.take(case, agent=agents[n % 2], now=monday_10am) for n, case in enumerate(made)]
    for case in held:
        number_of_his = case.debtor.points.get(value=number)
        calling.dial(case, agent=case.agent, fence=case.fence, point=number_of_his, now=monday_10am)

    def work(cases_of_one: list[Case]) -> Callable[[int], None]:
        def record(turn: int) -> None:
            case, stranger = cases_of_one[turn], Disposition.WRONG_PERSON
            outcomes.record(
                case=case, agent=case.agent, fence=case.fence, disposition=stranger, now=monday_10am
            )

        return record

    at_once(work(held[::2]), work(held[::-2]))

    statuses = ContactPoint.objects.filter(value=number).values_list("status", flat=True)
    assert set(statuses) == {PointStatus.WRONG_NUMBER}


def send(now: datetime) -> None:
    dispatch.pump(clock=lambda: now, longest_run_seconds=1)
