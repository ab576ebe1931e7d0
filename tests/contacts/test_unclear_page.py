"""The managers' page of messages of unclear fate: what a person has to decide, and what went wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Attempt, WorkerRun
from contacts.services import instance
from contacts.vocabulary import AttemptState, ContactState, HeldBecause
from tests.factories import make_contact, make_debtor, make_manager, make_policy

pytestmark = pytest.mark.django_db
UNCLEAR = "/contacts/unclear/"


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


def make_attempt(*, state, name="Vicente Sampaio", why="no_list", **values):
    long_ago = timezone.now() - timedelta(hours=2)
    stands = {AttemptState.NOT_SENT: ContactState.PLANNED, AttemptState.ACCEPTED: ContactState.SENT}
    return Attempt.objects.create(
        contact=make_contact(
            debtor=make_debtor(name=name), at=long_ago, state=stands.get(state) or ContactState(state)
        ),
        state=state,
        provider="mail",
        to="vicente@example.com",
        policy=make_policy(now=long_ago),
        facts_hash="",
        started_at=long_ago,
        handed_at=long_ago,
        error_code=why,
        **values,
    )


def test_what_waits_for_a_person_is_shown_with_the_reason_in_words(client, manager):
    make_attempt(state=AttemptState.PARKED)

    text = client.get(UNCLEAR).content.decode()

    assert "Vicente Sampaio" in text
    assert "vicente@example.com" in text
    assert "Este canal não mostra a ninguém o que recebeu." in text


def test_a_manager_says_that_it_left(client, manager):
    attempt = make_attempt(state=AttemptState.PARKED)

    answer = client.post(f"{UNCLEAR}{attempt.contact_id}/", {"what": "left"}, follow=True)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.settled_by) == (AttemptState.ACCEPTED, manager)
    assert "Registrado: ela saiu" in answer.content.decode()
    assert "Vicente Sampaio" not in answer.content.decode()


def test_a_manager_lets_it_be_sent_again(client, manager):
    attempt = make_attempt(state=AttemptState.PARKED)

    client.post(f"{UNCLEAR}{attempt.contact_id}/", {"what": "again"})

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.NOT_SENT, ContactState.PLANNED)


def test_a_second_colleague_hears_that_it_is_decided(client, manager):
    attempt = make_attempt(state=AttemptState.PARKED)
    client.post(f"{UNCLEAR}{attempt.contact_id}/", {"what": "left"})

    answer = client.post(f"{UNCLEAR}{attempt.contact_id}/", {"what": "again"}, follow=True)

    assert "Já foi decidido" in answer.content.decode()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.ACCEPTED


def test_without_a_choice_nothing_happens(client, manager):
    attempt = make_attempt(state=AttemptState.PARKED)

    assert client.post(f"{UNCLEAR}{attempt.contact_id}/").status_code == 422

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PARKED


def test_a_worker_that_stands_still_is_named(client, manager):
    now = timezone.now()
    run = WorkerRun.objects.create(host="maquina-7", pid=4711, started_at=now, seen_at=now)
    make_attempt(state=AttemptState.SENDING, run=run)

    text = client.get(UNCLEAR).content.decode()

    assert "Um processo de envio está parado" in text
    assert "maquina-7 4711" in text


def test_evidence_that_came_late_is_shown_as_an_alarm_for_a_month(client, manager):
    now = timezone.now()
    make_attempt(state=AttemptState.NOT_SENT, name="Ana Prado", contradicted_at=now)
    make_attempt(state=AttemptState.NOT_SENT, name="Rui Melo", contradicted_at=now - timedelta(days=31))

    text = client.get(UNCLEAR).content.decode()

    assert "Ana Prado" in text
    assert "Rui Melo" not in text


def test_how_many_are_being_looked_for_is_told_and_needs_nobody(client, manager):
    make_attempt(state=AttemptState.UNKNOWN, look_at=timezone.now())

    text = client.get(UNCLEAR).content.decode()

    assert "1 mensagem sem confirmação está sendo procurada" in text
    assert "Nada espera por você" in text


@pytest.mark.parametrize("page", [UNCLEAR, "/contacts/outbox/"])
def test_held_senders_are_shown_with_the_reason_and_the_way_on(client, manager, page):
    instance.resume(now=timezone.now())
    instance.hold(HeldBecause.OLDER, now=timezone.now())

    text = client.get(page).content.decode()

    assert "todos os envios estão retidos" in text
    assert "o banco de dados é mais antigo do que o que já foi enviado daqui" in text
    assert "resume_sending --after-reconcile" in text
