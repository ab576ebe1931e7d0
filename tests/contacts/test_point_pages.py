"""What is said of a number or address: by agents, with its source, on the way from card and debtor page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts import queries
from contacts.models import Contact
from contacts.services import admission, dispatch, outbox
from contacts.vocabulary import Channel, ContactState
from debtors.vocabulary import PointKind, PointStatus
from dunning.services import workqueue
from tests.factories import (
    confirm_person,
    house_creditor,
    make_agent,
    make_case,
    make_debt,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_template,
)

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
AGENT = ["view_debtor", "view_contactpoint", "change_contactpoint", "work_queue", "view_case"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon(settings, tmp_path):
    """No holiday, nobody's birthday; what leaves stays in the sandbox."""
    settings.CHANNELS = {"sms": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def agent(client):
    user = make_agent(permissions=AGENT)
    client.force_login(user)
    return user


@pytest.fixture
def debtor():
    debtor = make_debtor(email=None)
    make_debt(debtor=debtor)
    return debtor


def page_of(point):
    return reverse("contacts:point", args=[point.pk])


def say(client, point, *, kind="own", status="new", source="disse ao telefone", **more):
    return client.post(page_of(point), {"kind": kind, "status": status, "source": source, **more})


def test_an_agent_takes_a_number_out_of_use_and_the_next_one_is_tried(client, agent, debtor):
    make_policy(now=NOON)
    first, second = debtor.points.get(), make_phone(debtor=debtor)

    response = say(client, first, status="reassigned")

    assert response.url == reverse("contacts:debtor", args=[debtor.pk])
    (change,) = first.changes.all()
    assert (change.status, change.source, change.recorded_by, change.changed_at) == (
        PointStatus.REASSIGNED,
        "disse ao telefone",
        agent,
        NOON,
    )
    best = queries.may_contact(debtor=debtor, channel=Channel.SMS, now=NOON).best
    assert (best.point, best.is_allowed) == (second, True)


def test_what_is_said_needs_a_source_and_what_was_typed_stays(client, agent, debtor):
    response = say(client, debtor.points.get(), status="wrong_number", source="")

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["source"]
    assert 'value="wrong_number" selected' in response.content.decode()
    assert debtor.points.get().status == PointStatus.NEW


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({"status": PointStatus.WRONG_NUMBER}, {"status": "verified"}),
        ({"status": PointStatus.EXHAUSTED}, {"status": "new"}),
        ({"status": PointStatus.DO_NOT_CONTACT}, {"status": "wrong_number"}),
        ({"kind": PointKind.WORKPLACE}, {"kind": "own"}),
        ({"kind": PointKind.THIRD_PARTY}, {"kind": "workplace"}),
    ],
)
def test_bringing_a_number_back_is_a_managers_decision(client, debtor, before, said):
    point = make_phone(debtor=debtor, **before)
    as_it_is = {"kind": point.kind, "status": point.status}

    client.force_login(make_agent(permissions=AGENT))
    assert say(client, point, **as_it_is | said).status_code == 422

    client.force_login(make_manager())
    assert say(client, point, **as_it_is | said).status_code == 302
    point.refresh_from_db()
    assert {"kind": point.kind, "status": point.status} == as_it_is | said


def test_a_workplace_is_a_fact_of_the_point_and_stops_what_waits_for_it(client, agent, debtor):
    make_policy(now=NOON)
    wanted = outbox.want(
        Contact(
            wanted_by="test:1",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOON,
            created_at=NOON,
        )
    )
    say(client, debtor.points.get(), kind="workplace")

    dispatch.pump(clock=lambda: NOON)

    wanted.refresh_from_db()
    assert (wanted.state, wanted.objections) == (ContactState.BLOCKED, ["POINT_WORKPLACE"])


def test_what_was_about_to_leave_for_a_number_just_retired_stays_here(client, agent, debtor):
    make_policy(now=NOON)
    wanted = outbox.want(
        Contact(
            wanted_by="test:1",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOON,
            created_at=NOON,
        )
    )
    admitted = admission.admit(outbox.claim_one(wanted, now=NOON), now=NOON)

    say(client, debtor.points.get(), status="wrong_number")

    assert not outbox.hand_over(admitted.attempt, now=NOON)


def test_a_number_given_back_lets_what_was_blocked_be_judged_again(client, debtor):
    make_policy(now=NOON)
    client.force_login(make_manager())
    point = debtor.points.get()
    say(client, point, status="wrong_number")
    wanted = outbox.want(
        Contact(
            wanted_by="test:1",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOON,
            created_at=NOON,
        )
    )
    dispatch.pump(clock=lambda: NOON)

    say(client, point, status="verified", source="ela ligou deste número")
    dispatch.pump(clock=lambda: NOON)

    wanted.refresh_from_db()
    assert wanted.state == ContactState.SENT


def test_the_way_back_leads_to_the_page_one_came_from_and_never_out_of_the_house(client, agent, debtor):
    point = debtor.points.get()
    card = reverse("dunning:case", args=[make_case(now=NOON, debtor=debtor).pk])

    assert say(client, point, status="verified", next=card).url == card
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert say(client, point, next=evil).url == reverse("contacts:debtor", args=[debtor.pk])


def test_card_and_debtor_page_lead_to_the_question_with_its_history(client, agent, debtor):
    point = debtor.points.get()
    case = workqueue.take(make_case(now=NOON, debtor=debtor), agent=agent, now=NOON)
    say(client, point, status="verified", source="confirmou o nome")
    confirm_person(case, now=NOON)  # before it, the card shows no word that somebody wrote

    for page in (reverse("contacts:debtor", args=[debtor.pk]), reverse("dunning:case", args=[case.pk])):
        text = client.get(page).content.decode()
        assert f"{page_of(point)}?next={page}" in text
        assert "desde 24/11/2026: confirmou o nome" in text

    part = client.get(page_of(point), headers={"HX-Request": "true"}).content.decode()
    assert "confirmou o nome" in part
    assert "<html" not in part


def test_who_may_only_look_sees_the_history_and_no_form(client, debtor):
    client.force_login(make_agent(permissions=["view_debtor", "view_contactpoint"]))
    point = debtor.points.get()

    assert "Registrar o que foi dito" not in client.get(page_of(point)).content.decode()
    assert say(client, point, status="wrong_number").status_code == 403


def test_a_number_of_another_portfolio_does_not_exist(client):
    client.force_login(make_agent(portfolios=[], permissions=AGENT))
    point = make_phone(debtor=make_debtor())

    assert client.get(page_of(point)).status_code == 404
    assert say(client, point).status_code == 404


@pytest.mark.parametrize("changes", [0, 1, 5])
def test_the_page_asks_as_often_for_a_long_history_as_for_none(
    client, agent, debtor, changes, django_assert_num_queries
):
    point = debtor.points.get()
    for number in range(changes):
        kind = "home" if number % 2 == 0 else "own"
        say(client, point, kind=kind, source=f"{number}")
        time_machine.travel(NOON + timedelta(hours=number))
    client.get(page_of(point))

    with django_assert_num_queries(5):
        client.get(page_of(point))
