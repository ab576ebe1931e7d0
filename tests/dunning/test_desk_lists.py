"""The lists of the desk: each shows what it says, filters live in the address, views are kept by name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from debtors.models import PromiseToPay
from dunning.models import Case, CaseOutcome, SavedView
from dunning.queries import desk
from dunning.services import saved_views, workqueue
from dunning.vocabulary import CaseState
from tests.factories import make_agent, make_case, make_policy, make_portfolio, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()


def shown(agent, *, view: str, now) -> list[Case]:
    return list(desk.desk_of(agent, now=now).listed(view))


def promised_for(day, *, now) -> Case:
    case = make_case(now=now, state=CaseState.PROMISED, is_callable=False)
    PromiseToPay.objects.create(
        debtor=case.debtor, creditor=case.creditor, amount_cents=5_000, promised_on=day, made_at=now
    )
    return case


def test_promised_for_today_shows_what_is_due_by_today(agent, monday_10am):
    today = promised_for(monday_10am.date(), now=monday_10am)
    promised_for(monday_10am.date() + timedelta(days=1), now=monday_10am)

    assert shown(agent, view="today", now=monday_10am) == [today]


def test_mine_shows_with_whom_i_dealt_and_team_what_colleagues_are_at(agent, monday_10am):
    colleague = make_agent()
    dealt, worked = make_case(now=monday_10am), make_case(now=monday_10am)
    make_case(now=monday_10am)
    CaseOutcome.objects.create(
        case=dealt, disposition="spoke", agent=agent, fence=1, recorded_at=monday_10am - timedelta(days=2)
    )
    workqueue.take(worked, agent=colleague, now=monday_10am)

    assert shown(agent, view="mine", now=monday_10am) == [dealt]
    assert shown(agent, view="team", now=monday_10am) == [worked]


def test_lists_show_nothing_of_other_portfolios(agent, monday_10am):
    foreign = make_case(now=monday_10am, portfolio=make_portfolio())
    workqueue.take(foreign, agent=make_agent(), now=monday_10am)

    assert not any(shown(agent, view=view, now=monday_10am) for view in ("now", "team", "mine"))


def test_filters_in_the_address_narrow_the_list_and_a_foreign_portfolio_is_no_choice(client, monday_10am):
    ours, other = make_portfolio(), make_portfolio()
    agent = make_agent(portfolios=[ours, other])
    make_case(now=monday_10am, portfolio=ours, days_late=95)
    make_case(now=monday_10am, portfolio=other, days_late=5)
    client.force_login(agent)

    def rows(**asked: object) -> int:
        return len(client.get(reverse("dunning:desk"), asked).context["rows"])

    assert (rows(), rows(portfolio=ours.pk), rows(late=90), rows(portfolio=other.pk, late=90)) == (2, 1, 1, 0)
    assert rows(portfolio=make_portfolio().pk) == 2


def test_a_row_explains_its_number(client, agent, monday_10am):
    make_case(now=monday_10am, amount_cents=1_000_000, days_late=200)
    client.force_login(agent)

    [row] = client.get(reverse("dunning:desk")).context["rows"]

    assert row["points"] == sum(points for _word, points in row["why_now"]) + 40


def test_a_view_keeps_its_filters_under_a_name_and_nothing_else_of_the_address(client, agent):
    client.force_login(agent)
    typed = {"name": "Antigas", "view": "later", "late": "90", "q": "Maria", "page": "3"}

    client.post(reverse("dunning:save_view"), typed)

    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query) == (agent, "Antigas", "view=later&late=90")
    assert "Antigas" in client.get(reverse("dunning:desk")).content.decode()
    client.force_login(make_agent())
    assert client.post(reverse("dunning:forget_view", args=[view.pk])).status_code == 404


def test_a_view_of_the_same_name_is_replaced_and_the_thirteenth_is_refused(agent, monday_10am):
    for number in range(saved_views.MOST):
        saved_views.save(agent, name=f"{number}", query="view=now", now=monday_10am)
    saved_views.save(agent, name="0", query="view=later", now=monday_10am)

    with pytest.raises(saved_views.TooManyError):
        saved_views.save(agent, name="mais uma", query="view=now", now=monday_10am)
    assert SavedView.objects.get(name="0").query == "view=later"


def test_a_long_list_is_counted_no_further_than_a_page_says(client, agent, monday_10am, monkeypatch):
    for _ in range(3):
        make_case(now=monday_10am)
    client.force_login(agent)

    def told() -> tuple[str, str]:
        page = client.get(reverse("dunning:desk"))
        return page.context["views"][0][2], page.content.decode()

    monkeypatch.setattr(desk, "MOST_COUNTED", 3)
    assert told()[0] == "3"
    monkeypatch.setattr(desk, "MOST_COUNTED", 2)
    count, page = told()
    assert count == "2+"
    assert "Mais de 2 casos esperam" in page
