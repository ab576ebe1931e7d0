"""Consents on the debtor's page, and what is said of messages on their way when contact is stopped."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Consent, Contact, Hold
from contacts.services import admission, consent, holds, outbox
from contacts.vocabulary import Channel, HoldKind
from tests.factories import (
    house_creditor,
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
AGENT = ["view_debtor", "view_consent", "change_consent", "add_optout", "add_hold"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon(settings, tmp_path):
    """No holiday, nobody's birthday."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=NOON)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def debtor():
    debtor = make_debtor(email=None)
    make_debt(debtor=debtor)
    return debtor


def page_of(debtor):
    return reverse("contacts:debtor", args=[debtor.pk])


def want(debtor):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOON,
            created_at=NOON,
        )
    )


def test_a_manager_keeps_a_consent_with_its_proof(client, debtor):
    manager = make_manager()
    client.force_login(manager)

    client.post(
        reverse("contacts:grant_consent", args=[debtor.pk]),
        {"channel": "whatsapp", "source": "marcou no contrato"},
    )

    given = Consent.objects.get()
    assert (given.channel, given.source, given.recorded_by, given.active_from) == (
        "whatsapp",
        "marcou no contrato",
        manager,
        NOON,
    )
    assert "marcou no contrato" in client.get(page_of(debtor)).content.decode()


def test_an_agent_ends_a_consent_but_gives_none(client, debtor):
    given = consent.grant(debtor=debtor, channel="*", source="contrato", by=None, now=NOON)
    agent = make_agent(permissions=AGENT)
    client.force_login(agent)

    assert client.post(reverse("contacts:grant_consent", args=[debtor.pk])).status_code == 403
    client.post(reverse("contacts:take_back_consent", args=[given.pk]), {"source": "pediu ao telefone"})

    given.refresh_from_db()
    assert (given.active_until, given.end_source, given.ended_by) == (NOON, "pediu ao telefone", agent)
    assert client.get(page_of(debtor)).context["consents"] == []


@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("take_back_consent", "change_consent"),
        ("lift_hold", "change_hold"),
        ("withdraw_opt_out", "change_optout"),
    ],
)
def test_what_ends_asks_how_we_know(client, debtor, name, permission):
    client.force_login(make_agent(permissions=[*AGENT, permission]))
    row = {
        "take_back_consent": lambda: consent.grant(debtor=debtor, channel="*", source="x", by=None, now=NOON),
        "lift_hold": lambda: holds.place(
            debtor=debtor, kind=HoldKind.COMPLAINT, reason="", by=None, now=NOON
        ),
        "withdraw_opt_out": lambda: consent.opt_out(
            debtor=debtor, scope="global", source="x", by=None, now=NOON
        ),
    }[name]()

    response = client.post(reverse(f"contacts:{name}", args=[row.pk]), {"source": ""})

    assert response.status_code == 422
    row.refresh_from_db()
    assert row.active_until is None
    assert "<details open" in response.content.decode()


def test_a_hold_that_the_policy_lets_pass_says_so(client, debtor):
    known = [kind.value for kind in HoldKind]
    make_policy(now=NOON, holds_blocking=["deceased"], holds_known=known)
    for kind in (HoldKind.COMPLAINT, HoldKind.DECEASED):
        holds.place(debtor=debtor, kind=kind, reason="", by=None, now=NOON)
    client.force_login(make_agent(permissions=AGENT))

    found = client.get(page_of(debtor)).context["holds"]

    assert {hold.kind: hold.is_binding for hold in found} == {"complaint": False, "deceased": True}


def stop(client, debtor):
    page = reverse("contacts:opt_out", args=[debtor.pk])
    return client.post(page, {"reach": "global", "source": "pediu"}, follow=True).content.decode()


def test_whoever_keeps_a_wish_is_told_what_waits_and_what_may_still_arrive(client, debtor):
    client.force_login(make_agent(permissions=AGENT))
    gone = admission.admit(outbox.claim_one(want(debtor), now=NOON), now=NOON)
    outbox.hand_over(gone.attempt, now=NOON)
    Contact.objects.create(
        wanted_by="test:next", debtor=debtor, channel=Channel.SMS, not_before=NOON, created_at=NOON
    )

    said = stop(client, debtor)

    assert "1 contato em espera será avaliado por isto" in said
    assert f"Já entregue ao provedor às 12:00, ainda pode chegar: SMS para {gone.attempt.to}." in said


def test_what_was_admitted_and_is_still_here_is_not_said_to_arrive(client, debtor):
    client.force_login(make_agent(permissions=AGENT))
    admission.admit(outbox.claim_one(want(debtor), now=NOON), now=NOON)

    said = stop(client, debtor)

    assert "1 contato em espera" in said
    assert "ainda pode chegar" not in said


def test_each_kind_of_hold_can_be_placed_by_an_agent(client, debtor):
    client.force_login(make_agent(permissions=AGENT))

    for kind in HoldKind:
        client.post(
            reverse("contacts:place_hold", args=[debtor.pk]),
            {"kind": kind.value, "reason": "disse", "until": ""},
        )

    assert set(Hold.objects.values_list("kind", flat=True)) == set(HoldKind.values)
