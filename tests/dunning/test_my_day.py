"""My day shows what I did and what came of it, and nothing of anybody else."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Contact
from contacts.vocabulary import Outcome
from debtors.models import PromiseToPay
from debtors.vocabulary import PromiseStatus
from dunning.models import Case, CaseOutcome
from dunning.queries import my_day
from tests.factories import make_agent, make_call, make_case, make_portfolio, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ladder(db):
    make_strategy()


def record(case: Case, *, agent, at, disposition: str = "spoke") -> CaseOutcome:
    fence = CaseOutcome.objects.count() + 1
    return CaseOutcome.objects.create(
        case=case, disposition=disposition, agent=agent, fence=fence, recorded_at=at
    )


def promise(case: Case, *, agent, now, **fields) -> PromiseToPay:
    day = {"promised_on": now.date(), "amount_cents": 5_000, "made_at": now - timedelta(days=9)}
    return PromiseToPay.objects.create(
        debtor=case.debtor, creditor=case.creditor, made_to=agent, **day | fields
    )


def test_a_day_counts_what_i_did_on_it_by_the_offices_clock(agent, monday_10am):
    case = make_case(now=monday_10am)
    midnight = monday_10am.replace(hour=3)  # in São Paulo
    last_night, first, mine = (midnight - timedelta(seconds=1), midnight, monday_10am)
    record(case, agent=agent, at=last_night)
    record(case, agent=make_agent(), at=mine)
    today = [record(case, agent=agent, at=mine, disposition="promise"), record(case, agent=agent, at=first)]
    call = make_call(debtor=case.debtor, at=mine, agent=agent)
    Contact.objects.filter(pk=call.pk).update(outcome=Outcome.CONVERSATION)
    make_call(debtor=case.debtor, at=last_night, agent=agent)

    day = my_day.of(agent, on=monday_10am.date(), now=monday_10am)

    assert day.recorded == today
    assert (day.calls, day.conversations, day.promises) == (1, 1, 1)


def test_promises_made_to_me_are_shown_when_kept_or_still_to_come_and_never_as_a_reproach(agent, monday_10am):
    cases = [make_case(now=monday_10am) for _ in range(5)]
    lately, long_ago = monday_10am - timedelta(days=6), monday_10am - timedelta(days=8)
    kept = promise(cases[0], agent=agent, now=monday_10am, status=PromiseStatus.KEPT, settled_at=lately)
    promise(cases[1], agent=agent, now=monday_10am, status=PromiseStatus.KEPT, settled_at=long_ago)
    promise(cases[2], agent=agent, now=monday_10am, status=PromiseStatus.BROKEN, settled_at=lately)
    soon = promise(cases[3], agent=agent, now=monday_10am)
    promise(cases[4], agent=make_agent(), now=monday_10am)

    day = my_day.of(agent, on=monday_10am.date(), now=monday_10am)

    assert (day.kept, day.to_come) == ([kept], [soon])


def test_the_calls_i_promised_come_in_their_order(agent, monday_10am):
    later, sooner, a_colleagues = (make_case(now=monday_10am) for _ in range(3))
    for hours, case, who in ((5, later, agent), (2, sooner, agent), (1, a_colleagues, make_agent())):
        record(case, agent=who, at=monday_10am, disposition="callback")
        Case.objects.filter(pk=case.pk).update(callback_at=monday_10am + timedelta(hours=hours))

    assert my_day.of(agent, on=monday_10am.date(), now=monday_10am).callbacks == [sooner, later]


def test_what_lies_in_a_portfolio_no_longer_mine_is_not_shown(agent, monday_10am):
    case = make_case(now=monday_10am, portfolio=make_portfolio())
    record(case, agent=agent, at=monday_10am)
    promise(case, agent=agent, now=monday_10am)

    day = my_day.of(agent, on=monday_10am.date(), now=monday_10am)

    assert (day.recorded, day.to_come, day.promises) == ([], [], 0)


@pytest.mark.parametrize(
    ("asked", "days_back"),
    [("", 0), ("2026-11-13", 3), ("2026-11-17", 0), ("2026-02-30", 0), ("x", 0), ("2020-01-01", 0)],
)
def test_the_page_shows_today_or_the_past_day_asked_for(client, agent, monday_10am, asked, days_back):
    client.force_login(agent)

    with time_machine.travel(monday_10am, tick=False):
        response = client.get(reverse("dunning:my_day"), {"day": asked})

    assert response.context["on"] == monday_10am.date() - timedelta(days=days_back)
