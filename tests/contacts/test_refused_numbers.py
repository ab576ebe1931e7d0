"""What is refused at a number binds whoever gets it later, until he himself wants contact again."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from contacts import queries
from contacts.models import OptOut, Refusal
from contacts.queries import wishes
from contacts.services import consent, delivery, refusals
from contacts.services.delivery import Text
from contacts.vocabulary import Channel, ContactState
from debtors.services import people
from debtors.vocabulary import PointKind, PointStatus
from tests.factories import (
    make_agent,
    make_case,
    make_contact,
    make_debt,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
)
from tests.factories.contacts import EASY_TERMS

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=42)
THEIRS = "+5511987650001"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy():
    make_policy(now=NOW, **EASY_TERMS)


def write(body: str, *, channel: Channel = Channel.SMS, at: datetime = NOW) -> None:
    text = Text(
        provider="twilio",
        provider_id=f"SM{at:%d%H%M%S}{channel}",
        channel=channel,
        sender=THEIRS,
        body=body,
        payload={},
    )
    delivery.receive_text(text, now=at)


def newcomer(**about):
    """Return a debtor of a later import, who owes."""
    debtor = make_debtor(**({"phone": THEIRS} | about))
    make_debt(debtor=debtor)
    return debtor


def reasons(debtor, *, channel: Channel = Channel.SMS, at: datetime = LATER):
    return queries.may_contact(debtor=debtor, channel=channel, now=at).best.reasons


@pytest.mark.parametrize("is_known", [True, False])
def test_a_stop_binds_debtors_who_come_later_with_the_number(is_known):
    if is_known:
        make_debtor(phone=THEIRS)
    write("PARAR")

    late = newcomer()
    make_phone(debtor=late)  # his refusal is final: no other number is tried

    assert reasons(late) == ("OPT_OUT_CHANNEL",)
    assert reasons(late, channel=Channel.WHATSAPP) == ()
    assert reasons(newcomer(phone="+5511987650002")) == ()


@pytest.mark.parametrize("body", ["não me ligue mais", "parem de me ligar", "não quero ligações"])
@pytest.mark.parametrize("is_known", [True, False])
def test_who_writes_that_he_wants_no_calls_gets_none(body, is_known):
    known = newcomer() if is_known else None
    write(body)

    debtor = known or newcomer()
    assert reasons(debtor, channel=Channel.VOICE) == ("OPT_OUT_CHANNEL",)
    assert reasons(debtor, channel=Channel.SMS) == ("OPT_OUT_CHANNEL",)
    assert reasons(debtor, channel=Channel.WHATSAPP) == ()


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    "body", ["não ligue, mande mensagem", "não entrem em contato por telefone, só whatsapp"]
)
def test_who_wants_texts_in_place_of_calls_is_not_called_and_may_be_written_to(body, is_known):
    case = make_case(debtor=make_debtor(phone=THEIRS), now=NOW) if is_known else None
    write(body)

    debtor = case.debtor if case else newcomer()
    assert reasons(debtor, channel=Channel.VOICE) == ("OPT_OUT_CHANNEL",)
    assert reasons(debtor) == ()


@pytest.mark.parametrize("body", ["me deixem em paz", "não perturbe", "não entrem mais em contato"])
def test_who_writes_that_he_wants_to_be_left_alone_is_left_alone_on_every_channel(body):
    debtor = newcomer()
    write(body)
    late = newcomer()

    for channel in (Channel.SMS, Channel.VOICE, Channel.WHATSAPP, Channel.EMAIL):
        assert "OPT_OUT_GLOBAL" in reasons(debtor, channel=channel)
    for channel in (Channel.SMS, Channel.VOICE, Channel.WHATSAPP):
        assert reasons(late, channel=channel) == ("OPT_OUT_POINT",)


@pytest.mark.parametrize("status", [PointStatus.WRONG_NUMBER, PointStatus.REASSIGNED])
def test_who_has_a_debtor_s_old_number_now_speaks_for_himself_only(status):
    debtor = newcomer(phone="+5511987650002")
    make_phone(debtor=debtor, number=THEIRS, status=status)

    write("SAIR")

    assert reasons(debtor) == ()
    assert reasons(newcomer()) == ("OPT_OUT_CHANNEL",)


def test_who_said_that_he_is_somebody_else_speaks_for_himself_from_then_on():
    debtor = newcomer()
    make_phone(debtor=debtor, number="+5511987650002")
    write("Não sou a Maria")
    write("me deixem em paz", at=NOW + timedelta(minutes=1))

    assert reasons(debtor) == ()
    assert reasons(debtor, channel=Channel.EMAIL) == ()


def test_whose_number_turned_out_to_be_his_own_speaks_for_himself_again():
    debtor = newcomer()
    make_phone(debtor=debtor, number="+5511987650002")
    write("Não sou a Maria")
    point = debtor.points.get(value=THEIRS)
    for days, status in ((1, PointStatus.VERIFIED), (2, PointStatus.DO_NOT_CONTACT)):
        told = {"kind": PointKind.OWN, "source": "disse ao telefone", "by": None}
        people.change_point(point, status=status, now=NOW + timedelta(days=days), **told)

    write("me deixem em paz", at=NOW + timedelta(days=3))

    assert "OPT_OUT_GLOBAL" in reasons(debtor)


@pytest.mark.parametrize("status", [PointStatus.WRONG_NUMBER, PointStatus.REASSIGNED])
def test_what_a_provider_knows_of_a_stranger_is_no_wish_of_the_debtor(status):
    debtor = newcomer(phone="+5511987650002")
    stranger = make_phone(debtor=debtor, number=THEIRS, status=status)

    consent.stop(debtor=debtor, point=stranger, channel=Channel.SMS, source="code 21610", now=NOW)

    assert reasons(debtor) == ()
    assert reasons(newcomer()) == ("OPT_OUT_CHANNEL",)


def test_a_stop_binds_a_debtor_we_know_who_gets_the_number_later():
    write("PARAR")
    debtor = newcomer(phone="+5511987650002")

    assert reasons(debtor) == ()
    make_phone(debtor=debtor, number=THEIRS)
    assert reasons(debtor) == ("OPT_OUT_CHANNEL",)


@pytest.mark.parametrize("status", [PointStatus.WRONG_NUMBER, PointStatus.REASSIGNED])
def test_a_stop_at_a_number_that_is_not_his_does_not_bind_the_debtor(status):
    write("PARAR")
    debtor = newcomer(phone="+5511987650002")
    people.retire_point(
        make_phone(debtor=debtor, number=THEIRS), status=status, source="x", by=None, now=LATER
    )

    assert reasons(debtor) == ()


def test_a_stranger_s_number_that_nobody_had_is_silent_for_whoever_comes_with_it():
    write("Número errado, não conheço essa pessoa")

    late = newcomer()
    assert reasons(late, channel=Channel.VOICE) == ("OPT_OUT_POINT",)

    make_phone(debtor=late)  # the wish is the number's: another one of his is tried
    assert reasons(late) == ()


def test_a_mail_s_link_binds_whoever_comes_with_the_address():
    maria = make_debtor(email="maria@example.com")
    mail = make_contact(debtor=maria, at=NOW, channel=Channel.EMAIL, state=ContactState.SENT)

    refusals.stop(contact_id=mail.pk, now=NOW)

    late = newcomer(email="maria@example.com")
    assert reasons(late, channel=Channel.EMAIL) == ("OPT_OUT_CHANNEL",)
    assert reasons(late) == ()


def test_who_wants_contact_again_is_contacted_and_the_others_stay_in_peace():
    write("PARAR")
    late, other = newcomer(), newcomer()
    [said] = wishes.refusals(late.pk, points=late.points.all())

    consent.want_again(said, debtor=late, point=late.points.get(value=THEIRS), source="x", by=None, now=LATER)

    after = LATER + timedelta(minutes=1)
    assert (reasons(late, at=after), reasons(other, at=after)) == ((), ("OPT_OUT_CHANNEL",))
    assert wishes.refusals(late.pk, points=late.points.all()) == []

    write("PARAR", at=after)
    assert reasons(late, at=after) == ("OPT_OUT_CHANNEL",)


def test_the_wish_of_who_was_known_is_his_own_and_is_ended_as_ever():
    known = newcomer()
    write("PARAR")

    assert wishes.refusals(known.pk, points=known.points.all()) == []
    consent.withdraw_opt_out(OptOut.objects.get(), source="x", by=None, now=LATER)
    assert reasons(known, at=LATER + timedelta(minutes=1)) == ()


def test_the_person_s_no_at_a_number_is_no_fault_of_the_wire():
    write("PARAR")
    late = newcomer()
    blocked = make_contact(debtor=late, at=LATER, channel=Channel.SMS, state=ContactState.BLOCKED)
    free = make_contact(debtor=late, at=LATER, channel=Channel.WHATSAPP, state=ContactState.BLOCKED)

    assert [wishes.is_refused(each, now=LATER) for each in (blocked, free)] == [True, False]


def test_the_debtor_s_page_says_it_and_a_manager_ends_it_when_asked(client):
    write("PARAR", at=datetime.now(UTC) - timedelta(days=2))
    late, said = newcomer(), Refusal.objects.get()
    client.force_login(make_manager())
    page = reverse("contacts:debtor", args=[late.pk])
    lift = reverse("contacts:lift_refusal", args=[late.pk, said.pk])

    told = client.get(page).content.decode()
    assert lift in told
    assert "pedido feito a partir de (11) 98765-0001" in told
    assert client.post(lift, {"source": ""}).status_code == 422
    assert client.post(lift, {"source": "ligou e pediu"}).status_code == 302

    assert lift not in client.get(page).content.decode()
    ended = OptOut.objects.get(debtor=late)
    assert (ended.end_source, ended.active_until is None) == ("ligou e pediu", False)
    client.force_login(make_agent())
    assert client.post(lift, {"source": "x"}).status_code in (403, 404)


def test_wishes_written_before_this_was_kept_bind_whoever_comes():
    make_debtor(phone=THEIRS)
    write("PARAR")
    Refusal.objects.all().delete()

    import_module("contacts.migrations.0020_refused_at_a_number").remember_what_was_written(apps, None)

    assert reasons(newcomer()) == ("OPT_OUT_CHANNEL",)
