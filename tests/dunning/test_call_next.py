"""The agents' queue: who gets which case next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import PolicyHead
from contacts.services import consent, policy
from contacts.vocabulary import OptOutScope
from debtors.models import User
from debtors.vocabulary import PointKind
from dunning.models import Case
from dunning.services import round, workqueue
from dunning.services.workqueue import LeasedByAnotherError, StaleLeaseError
from dunning.vocabulary import CaseState
from tests.factories import (
    house_portfolio,
    make_agent,
    make_call,
    make_case,
    make_creditor,
    make_debtor,
    make_phone,
    make_policy,
    make_portfolio,
    make_strategy,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_the_most_urgent_case_comes_first_and_of_two_alike_the_older(agent, monday_10am):
    make_case(now=monday_10am, urgency=10)
    older, _younger = make_case(now=monday_10am, urgency=90), make_case(now=monday_10am, urgency=90)

    assert workqueue.take_next(agent=agent, now=monday_10am) == older


def test_a_debtor_called_often_enough_this_week_is_passed_over(agent, monday_10am):
    make_policy(now=monday_10am, caps={"channels": {"voice": {"per_7_days": 3}}})
    tired = make_case(now=monday_10am, urgency=90)
    for days_ago in range(3):
        make_call(debtor=tired.debtor, at=monday_10am - timedelta(days=days_ago, hours=1))
    rested = make_case(now=monday_10am, urgency=10)

    assert workqueue.take_next(agent=agent, now=monday_10am) == rested


def test_a_refused_case_returns_when_the_gate_says_so_with_its_reasons(agent, monday_10am):
    make_policy(now=monday_10am, caps={"total": {"gap_minutes": 60}})
    tired = make_case(now=monday_10am, urgency=90)
    make_call(debtor=tired.debtor, at=monday_10am - timedelta(minutes=40))

    assert workqueue.take_next(agent=agent, now=monday_10am) is None

    assert again(tired).put_off_because == ["GAP_TOTAL"]
    assert again(tired).callable_from == monday_10am + timedelta(minutes=20)
    assert workqueue.take_next(agent=agent, now=monday_10am + timedelta(minutes=20)) == tired


def test_what_is_refused_for_good_is_asked_about_again_after_a_day(agent, monday_10am):
    case = make_case(now=monday_10am)
    consent.opt_out(debtor=case.debtor, scope=OptOutScope.GLOBAL, source="", by=None, now=monday_10am)

    assert workqueue.take_next(agent=agent, now=monday_10am) is None

    assert again(case).put_off_because == ["OPT_OUT_GLOBAL"]
    assert again(case).callable_from == monday_10am + timedelta(days=1)


def test_a_debtor_who_can_be_called_at_work_only_is_not_called(agent, monday_10am):
    debtor = make_debtor(phone=None)
    make_phone(debtor=debtor, kind=PointKind.WORKPLACE)
    case = make_case(now=monday_10am, debtor=debtor)

    assert workqueue.take_next(agent=agent, now=monday_10am) is None
    assert again(case).put_off_because == ["POINT_WORKPLACE"]


def test_a_creditor_s_rule_keeps_his_cases_back_and_nobody_else_s(agent, monday_10am):
    first, second = (
        make_case(now=monday_10am, urgency=90),
        make_case(now=monday_10am, creditor=make_creditor()),
    )
    second.portfolio.agents.add(agent)
    make_overlay(now=monday_10am, creditor=first.creditor, windows=daily("14:00", "18:00"))

    assert workqueue.take_next(agent=agent, now=monday_10am) == second
    assert again(first).put_off_because == ["OUTSIDE_HOURS"]
    assert again(first).callable_from.hour - monday_10am.hour == 4


def test_a_pause_puts_nobody_off(agent, monday_10am):
    make_case(now=monday_10am)
    policy.pause(is_paused=True, now=monday_10am)
    assert workqueue.take_next(agent=agent, now=monday_10am) is None

    policy.pause(is_paused=False, now=monday_10am + timedelta(minutes=1))

    assert workqueue.take_next(agent=agent, now=monday_10am + timedelta(minutes=1)) is not None


def test_what_a_changed_policy_allows_is_back_after_the_next_round(agent, monday_10am):
    make_policy(now=monday_10am - timedelta(hours=1), channels=[])
    case = make_case(now=monday_10am)
    assert workqueue.take_next(agent=agent, now=monday_10am) is None
    assert again(case).callable_from == monday_10am + timedelta(days=1)

    make_policy(now=monday_10am + timedelta(minutes=1))
    later = monday_10am + timedelta(minutes=5)
    round.go(now=later)

    assert workqueue.take_next(agent=agent, now=later) == case


def test_a_try_put_off_by_an_outcome_is_not_hurried_by_a_changed_policy(monday_10am):
    case = make_case(now=monday_10am)
    Case.objects.filter(pk=case.pk).update(callable_from=monday_10am + timedelta(hours=3))

    assert workqueue.ask_again(now=monday_10am + timedelta(minutes=1)) == 0


def test_at_night_nobody_is_handed_out_and_in_the_morning_everybody_is_back(agent, monday_10am):
    night = monday_10am + timedelta(hours=13)  # 23:00 in São Paulo
    case = make_case(now=night)

    assert workqueue.take_next(agent=agent, now=night) is None
    assert workqueue.take_next(agent=agent, now=night + timedelta(hours=9, minutes=29)) is None
    assert workqueue.take_next(agent=agent, now=night + timedelta(hours=9, minutes=30)) == case


def test_an_agent_sees_only_the_portfolios_given_to_him(agent, monday_10am):
    make_case(now=monday_10am, urgency=90, portfolio=make_portfolio())
    own = make_case(now=monday_10am, urgency=10, portfolio=house_portfolio())

    assert workqueue.take_next(agent=agent, now=monday_10am) == own


def test_a_portfolio_taken_from_an_agent_takes_the_case_he_holds_with_it(agent, monday_10am):
    held, other = make_case(now=monday_10am, urgency=90), make_portfolio()
    mine = make_case(now=monday_10am, portfolio=other)
    assert workqueue.take_next(agent=agent, now=monday_10am) == held

    agent.portfolios.set([other])

    assert workqueue.take_next(agent=agent, now=monday_10am) == mine


def test_several_portfolios_are_one_queue(monday_10am):
    portfolios = [make_portfolio(), make_portfolio()]
    versatile = make_agent(portfolios=portfolios)
    cases = [
        make_case(now=monday_10am, urgency=urgency, portfolio=portfolio)
        for urgency, portfolio in ((20, portfolios[0]), (30, portfolios[1]), (40, portfolios[0]))
    ]

    taken = []
    while case := workqueue.take_next(agent=versatile, now=monday_10am):
        taken.append(case)
        Case.objects.filter(pk=case.pk).update(agent=None, leased_until=None, callable_from=None)

    assert taken == cases[::-1]


@pytest.mark.parametrize("state", [CaseState.PROMISED, CaseState.HELD])
def test_resting_cases_are_not_handed_out(agent, monday_10am, state):
    make_case(now=monday_10am, state=state)

    assert workqueue.take_next(agent=agent, now=monday_10am) is None


def test_what_is_not_yet_for_an_agent_is_not_handed_out(agent, monday_10am):
    make_case(now=monday_10am + timedelta(minutes=2))

    assert workqueue.take_next(agent=agent, now=monday_10am) is None


def test_two_agents_get_two_cases_and_the_third_none(agent, monday_10am):
    first, second = make_case(now=monday_10am, urgency=90), make_case(now=monday_10am, urgency=10)

    taken = [workqueue.take_next(agent=each, now=monday_10am) for each in (agent, make_agent(), make_agent())]

    assert taken == [first, second, None]


def test_pressing_again_gives_the_same_case_and_a_fresh_lease(agent, monday_10am):
    make_case(now=monday_10am, urgency=10)
    first = workqueue.take_next(agent=agent, now=monday_10am)
    make_case(now=monday_10am, urgency=90)

    second = workqueue.take_next(agent=agent, now=monday_10am + timedelta(minutes=4))

    assert (second, second.fence) == (first, first.fence)
    assert again(first).leased_until == monday_10am + timedelta(minutes=9)


def test_a_case_that_another_tab_let_go_of_at_this_moment_is_claimed_anew(agent, monday_10am, monkeypatch):
    make_case(now=monday_10am)
    first, renew = workqueue.take_next(agent=agent, now=monday_10am), workqueue.renew

    def too_late(case, **rest):
        workqueue.give_back(case, agent=agent, fence=case.fence)
        renew(case, **rest)

    monkeypatch.setattr(workqueue, "renew", too_late)
    second = workqueue.take_next(agent=agent, now=monday_10am)

    assert (second, second.fence) == (first, first.fence + 1)


def test_a_lease_that_ended_frees_the_case_and_moves_the_fence(agent, monday_10am):
    make_case(now=monday_10am)
    mine = workqueue.take_next(agent=agent, now=monday_10am)
    other = make_agent()

    assert workqueue.take_next(agent=other, now=monday_10am + timedelta(minutes=4, seconds=59)) is None
    theirs = workqueue.take_next(agent=other, now=monday_10am + timedelta(minutes=5))

    assert (theirs, theirs.fence) == (mine, mine.fence + 1)
    with pytest.raises(StaleLeaseError):
        workqueue.renew(mine, agent=agent, fence=mine.fence, now=monday_10am + timedelta(minutes=6))
    with pytest.raises(StaleLeaseError):
        workqueue.give_back(mine, agent=agent, fence=mine.fence)


def test_a_lease_that_ended_may_be_renewed_while_nobody_took_the_case(agent, monday_10am):
    make_case(now=monday_10am)
    mine = workqueue.take_next(agent=agent, now=monday_10am)
    later = monday_10am + timedelta(minutes=20)

    workqueue.renew(mine, agent=agent, fence=mine.fence, now=later)

    assert again(mine).leased_until == later + timedelta(minutes=5)


def test_a_case_given_back_stays_in_the_queue(agent, monday_10am):
    make_case(now=monday_10am)
    mine = workqueue.take_next(agent=agent, now=monday_10am)

    workqueue.give_back(mine, agent=agent, fence=mine.fence)

    assert workqueue.take_next(agent=make_agent(), now=monday_10am) == mine


def test_opening_a_given_case_leases_it_even_when_it_may_not_be_called(agent, monday_10am):
    case = make_case(now=monday_10am, is_callable=False)

    taken = workqueue.take(case, agent=agent, now=monday_10am)

    assert (taken.agent, taken.leased_until) == (agent, monday_10am + timedelta(minutes=5))
    with pytest.raises(LeasedByAnotherError) as caught:
        workqueue.take(case, agent=make_agent(), now=monday_10am)
    assert caught.value.case.agent == agent
    assert workqueue.take(case, agent=agent, now=monday_10am).fence == taken.fence


def test_a_closed_case_is_not_leased(agent, monday_10am):
    case = make_case(now=monday_10am)
    Case.objects.update(state=CaseState.CLOSED, close_reason="paid", closed_at=monday_10am)

    assert workqueue.take_next(agent=agent, now=monday_10am) is None
    with pytest.raises(StaleLeaseError):
        workqueue.take(case, agent=agent, now=monday_10am)


def queries_to_take(count: int, agent, now) -> int:
    for _ in range(count):
        make_case(now=now)
    fresh = User.objects.get(pk=agent.pk)  # permissions are kept on the object once asked
    with CaptureQueriesContext(connection) as captured:
        assert workqueue.take_next(agent=fresh, now=now)
    Case.objects.update(agent=None, leased_until=None)
    return len(captured)


def test_the_number_of_queries_is_the_same_for_one_case_and_for_many(agent, monday_10am):
    assert queries_to_take(1, agent, monday_10am) == queries_to_take(12, agent, monday_10am) <= 28


def test_without_a_policy_nobody_is_called(agent, monday_10am):
    PolicyHead.objects.all().delete()
    case = make_case(now=monday_10am)

    assert workqueue.take_next(agent=agent, now=monday_10am) is None
    assert again(case).put_off_because == ["NO_POLICY"]
