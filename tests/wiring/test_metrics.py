"""Figures for Prometheus: for whoever has the token or stands close by, and about nobody."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from contacts.models import Contact, Sender, WorkerRun
from contacts.services import senders
from contacts.vocabulary import ContactState
from tests.factories import make_contact, make_debtor, make_manager, make_policy

pytestmark = pytest.mark.django_db

TOKEN = "a-long-token-for-prometheus"


def read(client: Client, **extra: str) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **extra)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def token(settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", TOKEN[:-1], f"bearer x{TOKEN}"])
def test_without_the_token_there_are_no_figures(client: Client, token: None, header: str) -> None:
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 403


def test_nobody_reads_figures_that_nobody_was_given(client: Client) -> None:
    client.force_login(make_manager())

    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("10.1.2.3", {}, 200),
        ("10.2.0.1", {}, 403),
        ("fd00::7", {}, 200),
        ("", {}, 403),
        ("unix:", {}, 403),
        ("10.1.2.3", {"X-Forwarded-For": "10.1.2.3"}, 403),
        ("10.1.2.3", {"Forwarded": "for=10.1.2.3"}, 403),
    ],
)
def test_a_network_may_be_let_in_but_never_through_a_proxy(
    client: Client, settings: LazySettings, address: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS_ADDRESSES = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]

    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


def test_the_figures_are_those_of_the_rows(client: Client, token: None, settings: LazySettings) -> None:
    settings.CHANNELS = {"sms": "sandbox"}
    now = timezone.now()
    make_policy(now=now)
    WorkerRun.objects.create(host="crm-1", pid=1, started_at=now, seen_at=now)
    [sender] = senders.senders()
    Sender.objects.update(rests_until=now + timedelta(minutes=5), rests_because="unclear")
    make_contact(debtor=make_debtor(), at=now, state=ContactState.PLANNED)
    blocked = make_contact(debtor=make_debtor(), at=now, state=ContactState.BLOCKED)
    Contact.objects.filter(pk=blocked.pk).update(objections=["NOTHING_OWED"])

    figures = read(client)

    assert figures["collections_contacts", "sms", "planned"] == 1
    assert figures["collections_contacts_held_back", "NOTHING_OWED", "for_good"] == 1
    assert figures["collections_contacts_due",] == 1
    assert figures["collections_workers",] == 1
    assert figures["collections_sender_resting", "sms", "sandbox", str(sender.pk)] == 1
    assert figures["collections_alarm", "sender_rests"] == 1


def test_no_figure_names_a_person_or_a_number(client: Client, token: None) -> None:
    now = timezone.now()
    debtor = make_debtor(name="Quitéria Xavante", phone="+5511987651234")
    make_contact(debtor=debtor, at=now, state=ContactState.PLANNED)

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()

    assert "collections_contacts{" in answer
    assert [secret for secret in ("Quit", "Xavante", "98765", debtor.tax_id) if secret in answer] == []


def test_figures_are_asked_from_inside_where_there_is_no_https(
    client: Client, token: None, settings: LazySettings
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
