"""The page of one debtor: who, reachable how, owing what; holds and wishes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Hold, OptOut
from contacts.services import consent
from contacts.vocabulary import Channel, ContactState, OptOutScope
from debtors.vocabulary import PointKind, PointStatus
from tests.counting import statements
from tests.factories import (
    make_agent,
    make_call,
    make_case,
    make_contact,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_payment,
    make_phone,
    make_policy,
    make_portfolio,
    make_promise,
)

pytestmark = pytest.mark.django_db

ALWAYS = {"windows": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}


@pytest.fixture(autouse=True)
def tuesday_noon():
    """No holiday, nobody's birthday."""
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


@pytest.fixture
def debtor():
    debtor = make_debtor(name="Maria Souza")
    make_debt(debtor=debtor, installments=[(timezone.localdate() - timedelta(days=10), 10_000)])
    return debtor


def page_of(debtor) -> str:
    return reverse("contacts:debtor", args=[debtor.pk])


def told(client, debtor, **filters):
    return client.get(page_of(debtor), filters).context


def test_each_number_says_by_which_channels_it_may_be_used_now(client, manager):
    make_policy(now=timezone.now(), channels=["sms", "voice"], **ALWAYS)
    debtor = make_debtor(email=None)
    make_debt(debtor=debtor)
    make_phone(debtor=debtor, kind=PointKind.WORKPLACE)

    lines = told(client, debtor)["points"]

    assert [[answer.tone for _names, answer in line.answers] for line in lines] == [["yes"], ["no"]]
    assert all("SMS, " in names for line in lines for names, _answer in line.answers)


def test_what_holds_for_every_number_is_said_once(client, manager, debtor):
    make_policy(now=timezone.now(), is_paused=True)

    context = told(client, debtor)

    assert context["everywhere"].tone == "no"
    assert [line.answers for line in context["points"]] == [[], []]


def test_a_number_out_of_use_says_so_by_its_status_alone(client, manager, debtor):
    make_policy(now=timezone.now(), **ALWAYS)
    gone = make_phone(debtor=debtor, status=PointStatus.WRONG_NUMBER)

    assert [line.answers for line in told(client, debtor)["points"] if line.point == gone] == [[]]


def test_a_wish_leads_the_line_before_a_limit_that_passes(client, manager, debtor):
    now = timezone.now()
    make_policy(now=now, caps={"channels": {"voice": {"per_7_days": 1}}}, **ALWAYS)
    make_call(debtor=debtor, at=now - timedelta(hours=3))
    consent.opt_out(debtor=debtor, scope=OptOutScope.GLOBAL, source="", by=None, now=now)

    html = client.get(page_of(debtor)).content.decode()

    assert "Não: o devedor pediu para não ser contatado" in html
    assert "Não: já houve" not in html


def test_without_a_policy_the_page_still_opens(client, manager, debtor):
    assert client.get(page_of(debtor)).status_code == 200


def test_neither_the_whole_cpf_nor_the_birth_date_is_in_the_page(client, manager, debtor):
    debtor.birth_date = date(1944, 7, 31)
    debtor.save()

    text = client.get(page_of(debtor)).content.decode()

    assert debtor.tax_id not in text
    assert "1944" not in text
    assert "31/07" not in text


def test_the_balance_is_itemised(client, manager, debtor):
    account = told(client, debtor)["accounts"][0]

    assert (account.balance.principal_cents, account.balance.late_fee_cents) == (10_000, 200)
    assert account.balance.interest_cents == 33
    assert "R$\N{NO-BREAK SPACE}102,33" in client.get(page_of(debtor)).content.decode()


def test_what_happened_is_newest_first_and_can_be_narrowed(client, manager, debtor):
    now = timezone.now()
    make_contact(debtor=debtor, at=now - timedelta(days=3))
    make_payment(debtor=debtor, amount_cents=100, now=now, paid_on=timezone.localdate() - timedelta(days=2))
    make_promise(debtor=debtor, promised_on=timezone.localdate() + timedelta(days=1), now=now)

    context = told(client, debtor)

    assert [event.kind for event in context["events"]] == ["promise", "payment", "message"]
    assert context["counts"] == {"all": 3, "call": 0, "message": 1, "payment": 1, "promise": 1}
    assert [event.kind for event in told(client, debtor, kind="payment")["events"]] == ["payment"]


def test_a_refused_message_says_why_in_words(client, manager, debtor):
    refused = make_contact(debtor=debtor, at=timezone.now(), state=ContactState.BLOCKED)
    refused.objections = ["OPT_OUT_GLOBAL"]
    refused.save()

    (event,) = told(client, debtor)["events"]

    assert event.text
    assert "OPT_OUT" not in event.text


def test_an_agent_sees_debts_and_payments_of_his_portfolios_only(client, debtor):
    mine = make_portfolio()
    other = make_debt(debtor=debtor, portfolio=mine)
    make_payment(debtor=debtor, amount_cents=100, now=timezone.now())
    client.force_login(make_agent(portfolios=[mine], permissions=["view_debtor"]))
    mine.creditor = other.creditor

    context = told(client, debtor)

    assert [[line.debt for line in account.debts] for account in context["accounts"]] == [[other]]


def test_the_case_with_a_creditor_of_another_portfolio_is_not_named(client):
    mine = make_portfolio(creditor=make_creditor(brand="Loja Minha"))
    theirs = make_portfolio(creditor=make_creditor(brand="Loja Alheia"))
    debtor = make_debtor()
    own = make_case(now=timezone.now(), debtor=debtor, portfolio=mine)
    make_case(now=timezone.now(), debtor=debtor, portfolio=theirs)
    client.force_login(make_agent(portfolios=[mine], permissions=["view_debtor", "view_case"]))

    text = client.get(page_of(debtor)).content.decode()

    assert reverse("dunning:case", args=[own.pk]) in text
    assert "Loja Alheia" not in text


def test_a_debtor_of_another_portfolio_is_as_absent_as_one_that_never_was(client, debtor):
    client.force_login(
        make_agent(portfolios=[], permissions=["view_debtor", "add_hold", "change_hold", "add_optout"])
    )
    hold = Hold.objects.create(debtor=debtor, kind="complaint", active_from=timezone.now())

    assert client.get(page_of(debtor)).status_code == 404
    assert client.get(reverse("contacts:debtor", args=[999_999])).status_code == 404
    for name in ("place_hold", "opt_out"):
        assert client.post(reverse(f"contacts:{name}", args=[debtor.pk])).status_code == 404
    assert client.post(reverse("contacts:lift_hold", args=[hold.pk])).status_code == 404


def test_a_hold_is_placed_seen_and_lifted(client, manager, debtor):
    form = {"kind": "complaint", "reason": "Procon 12", "until": ""}
    client.post(reverse("contacts:place_hold", args=[debtor.pk]), form)

    (hold,) = told(client, debtor)["holds"]
    assert (hold.kind, hold.reason, hold.placed_by, hold.active_until) == (
        "complaint",
        "Procon 12",
        manager,
        None,
    )

    client.post(reverse("contacts:lift_hold", args=[hold.pk]), {"source": "Procon arquivou"})
    assert told(client, debtor)["holds"] == []
    hold.refresh_from_db()
    assert (hold.end_source, hold.ended_by) == ("Procon arquivou", manager)


def test_a_hold_cannot_end_before_it_began_and_what_was_typed_stays(client, manager, debtor):
    form = {"kind": "complaint", "reason": "Procon 12", "until": timezone.localdate().strftime("%d/%m/%Y")}

    response = client.post(reverse("contacts:place_hold", args=[debtor.pk]), form)

    assert response.status_code == 422
    assert list(response.context["hold_form"].errors) == ["until"]
    assert "Procon 12" in response.content.decode()
    assert not Hold.objects.exists()


@pytest.mark.parametrize("reach", ["global", "channel", "point"])
def test_a_wish_reaches_as_far_as_was_said(client, manager, debtor, reach):
    point = debtor.points.first()
    chosen = {"global": "global", "channel": "channel:sms", "point": f"point:{point.pk}"}[reach]
    page = reverse("contacts:opt_out", args=[debtor.pk])

    for _time in range(2):  # the same wish twice is one
        client.post(page, {"reach": chosen, "source": "disse ao telefone"})

    wish = OptOut.objects.get()
    assert (wish.scope, wish.channel, wish.point, wish.recorded_by) == (
        reach,
        Channel.SMS if reach == "channel" else "",
        point if reach == "point" else None,
        manager,
    )

    client.post(reverse("contacts:withdraw_opt_out", args=[wish.pk]), {"source": "ligou e pediu"})
    assert told(client, debtor)["opt_outs"] == []
    wish.refresh_from_db()
    assert (wish.end_source, wish.ended_by) == ("ligou e pediu", manager)


def test_somebody_else_s_number_is_no_wish_of_this_debtor(client, manager, debtor):
    foreign = make_phone(debtor=make_debtor())

    response = client.post(
        reverse("contacts:opt_out", args=[debtor.pk]), {"reach": f"point:{foreign.pk}", "source": "x"}
    )

    assert response.status_code == 422
    assert not OptOut.objects.exists()


def test_an_agent_may_let_contact_rest_but_not_let_it_go_on(client, debtor):
    home = debtor.debts.get().portfolio
    client.force_login(make_agent(portfolios=[home], permissions=["view_debtor", "add_hold", "add_optout"]))
    client.post(reverse("contacts:place_hold", args=[debtor.pk]), {"kind": "dispute", "reason": "nega"})
    hold = Hold.objects.get()

    assert client.post(reverse("contacts:lift_hold", args=[hold.pk])).status_code == 403
    assert "lift" not in client.get(page_of(debtor)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_one_of_each_as_for_three(client, manager, rows):
    debtor = make_debtor()
    now = timezone.now()
    make_policy(now=now)
    portfolio = make_portfolio()
    for _number in range(rows):
        make_debt(debtor=debtor, portfolio=portfolio)
        make_phone(debtor=debtor)
        make_contact(debtor=debtor, at=now)
        make_payment(debtor=debtor, amount_cents=100, now=now, creditor=portfolio.creditor)
        Hold.objects.create(debtor=debtor, kind="complaint", active_from=now, placed_by=manager)
    client.get(page_of(debtor))

    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(debtor))

    assert statements(asked) == 44
