"""Not me, and no more of this: by a link anybody may open, that tells nothing and binds at once."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from collections_crm.lib import seals
from contacts.channels.sandbox import read_messages
from contacts.models import Contact, OptOut, ProviderEvent
from contacts.services import admission, clock, consent, dispatch, links, outbox, points, refusals
from contacts.vocabulary import Channel, ContactState, OptOutScope, Outcome, Purpose
from debtors.models import ContactPoint
from debtors.services import importing
from debtors.vocabulary import PointKind, PointStatus
from tests.factories import (
    house_creditor,
    house_portfolio,
    make_address,
    make_contact,
    make_debt,
    make_debtor,
    make_email,
    make_manager,
    make_phone,
    make_policy,
    make_template,
)

pytestmark = pytest.mark.django_db

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHARED = "+5511987650001"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    """A file of messages for each test alone."""
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"


@pytest.fixture
def sent(now):
    """An SMS that left, to a number which two debtors gave."""
    maria, joao = make_debtor(name="Maria Souza", phone=SHARED), make_debtor(name="João Lima", phone=SHARED)
    return make_contact(debtor=maria, at=now, channel=Channel.SMS, state=ContactState.SENT), joao


def path_of(name, contact):
    return reverse(name, args=[links.token_of(contact.pk)])


def statuses(value):
    return set(ContactPoint.objects.filter(value=value).values_list("status", flat=True))


# --- tokens


@pytest.mark.parametrize("contact_id", [1, 31, 32, 33, 1_023, 1_024, 10_000_000, 2**63 - 1])
def test_a_token_names_its_contact_and_fits_in_a_text(contact_id):
    token = links.token_of(contact_id)

    assert links.contact_id_of(token) == links.contact_id_of(token.lower()) == contact_id
    assert len(token) <= seals.LONGEST
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]+", token)


def test_a_token_that_is_not_ours_names_nothing():
    token = links.token_of(123)

    changed = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(14)
    ]
    for wrong in [*changed, "", token[:-1], token + "2", "2" + token, token[1:], "ÇÃO", "0" * 14, "2" * 500]:
        assert links.contact_id_of(wrong) is None, wrong


def test_a_token_outlives_a_change_of_key_while_the_old_one_is_kept(settings):
    token = links.token_of(7)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [settings.SECRET_KEY]
    during = links.contact_id_of(token)
    settings.SECRET_KEY_FALLBACKS = []

    assert (during, links.contact_id_of(token)) == (7, None)


# --- the pages


@pytest.mark.parametrize("name", ["not_me", "stop"])
def test_looking_changes_nothing_and_tells_nothing(sent, name):
    contact, _joao = sent
    before = list(Contact.objects.values_list("pk", "state", "outcome"))

    page = Client().get(path_of(name, contact))

    told = page.content.decode()
    for secret in (
        "Maria",
        "Souza",
        "João",
        SHARED[3:],
        house_creditor().brand,
        house_creditor().name,
        "cobran",
    ):
        assert secret not in told.replace(links.token_of(contact.pk), "")
    assert page.status_code == 200
    assert list(Contact.objects.values_list("pk", "state", "outcome")) == before
    assert ProviderEvent.objects.count() == 0


@pytest.mark.parametrize("name", ["not_me", "stop"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_of_nothing_looks_like_any_other(sent, name, method):
    contact, _joao = sent
    ours, wrong = path_of(name, contact), reverse(name, args=["2" * 14])

    pages = [getattr(Client(), method)(path).content.decode() for path in (ours, wrong)]

    bare = [re.sub(r'(nonce|value)="[\w+/=-]{16,}"', "", page) for page in pages]
    assert bare[0] == bare[1]
    assert ProviderEvent.objects.count() == (1 if method == "post" else 0)


def test_a_stranger_is_taken_off_every_debtor_at_once(sent, now):
    contact, joao = sent

    answer = Client().post(path_of("not_me", contact))

    assert answer.status_code == 200
    assert statuses(SHARED) == {PointStatus.DO_NOT_CONTACT}
    contact.refresh_from_db()
    assert (contact.state, contact.outcome) == (ContactState.CONCLUDED, Outcome.WRONG_PERSON)
    heard = Contact.objects.filter(is_inbound=True, outcome=Outcome.WRONG_PERSON)
    assert set(heard.values_list("debtor", flat=True)) == {contact.debtor_id, joao.pk}


def test_what_the_stranger_said_stays_said_however_often(sent, now):
    contact, _joao = sent
    for _time in range(3):
        Client().post(path_of("not_me", contact))

    assert ProviderEvent.objects.count() == 1
    assert Contact.objects.filter(is_inbound=True).count() == 2
    assert refusals.not_me(contact_id=contact.pk, now=now) is False


def test_a_later_import_brings_the_number_back_for_nobody(sent, now):
    contact, _joao = sent
    Client().post(path_of("not_me", contact))
    file = (
        "cpf_cnpj;nome;telefone_1;contrato;parcela;vencimento;valor\n"
        f"738.197.531-92;Vicente Sampaio;{SHARED};CT-1;1;07/09/2026;182,89\n"
        f"{contact.debtor.tax_id};Maria Souza;{SHARED};CT-2;1;07/09/2026;82,89\n"
    )

    run = importing.check_file(
        file.encode(),
        file_name="dividas.csv",
        creditor=house_creditor(),
        portfolio=house_portfolio(),
        created_by=None,
        now=now,
    )
    importing.import_file(run, only_good=True, now=now)

    assert ContactPoint.objects.filter(value=SHARED).count() == 3
    assert statuses(SHARED) == {PointStatus.DO_NOT_CONTACT}


def test_what_was_about_to_leave_for_the_stranger_is_taken_back(now):
    make_policy(now=now, windows={day: [["00:00", "24:00"]] for day in EVERY_DAY})
    maria = make_debtor(phone=SHARED)
    make_debt(debtor=maria)
    first = make_contact(debtor=maria, at=now, channel=Channel.SMS, state=ContactState.SENT)
    waiting = make_contact(
        debtor=maria, at=now, channel=Channel.SMS, state=ContactState.PLANNED, purpose=Purpose.COLLECTION
    )
    admission.admit(outbox.claim_one(waiting, now=now), now=now)

    refusals.not_me(contact_id=first.pk, now=now)

    waiting.refresh_from_db()
    assert waiting.state == ContactState.PLANNED


def test_whoever_wants_no_more_gets_no_more_this_way(sent):
    contact, joao = sent

    Client().post(path_of("stop", contact))

    wishes = OptOut.objects.all()
    assert {(wish.debtor_id, wish.scope, wish.channel) for wish in wishes} == {
        (contact.debtor_id, OptOutScope.CHANNEL, Channel.SMS),
        (joao.pk, OptOutScope.CHANNEL, Channel.SMS),
    }
    assert statuses(SHARED) == {PointStatus.NEW}  # the number is right, the messages are not wanted


def test_a_link_pressed_again_says_again_what_was_taken_back_meanwhile(sent, now):
    contact, _joao = sent
    manager = make_manager()
    Client().post(path_of("stop", contact))
    for wish in OptOut.objects.all():
        consent.withdraw_opt_out(wish, source="asked by phone", by=manager, now=now)
    assert not OptOut.objects.filter(active_until=None).exists()

    Client().post(path_of("stop", contact))

    assert OptOut.objects.filter(active_until=None).count() == 2


def test_not_me_said_again_takes_away_what_was_revived_meanwhile(sent, now):
    contact, _joao = sent
    Client().post(path_of("not_me", contact))
    contact.point.refresh_from_db()
    points.change(
        contact.point, kind=PointKind.OWN, status=PointStatus.VERIFIED, source="x", by=make_manager(), now=now
    )

    Client().post(path_of("not_me", contact))

    assert statuses(SHARED) == {PointStatus.DO_NOT_CONTACT}


def test_a_mail_program_unsubscribes_without_cookie_and_token(sent):
    contact, _joao = sent

    answer = Client(enforce_csrf_checks=True).post(
        path_of("stop", contact),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )

    assert (answer.status_code, OptOut.objects.count()) == (200, 2)


def test_a_stranger_s_button_cannot_be_pressed_from_another_page(sent):
    contact, _joao = sent

    answer = Client(enforce_csrf_checks=True).post(path_of("not_me", contact))

    assert (answer.status_code, statuses(SHARED)) == (403, {PointStatus.NEW})


def test_the_same_street_in_another_town_is_somebody_else_s(now):
    maria, joao, ana = make_debtor(), make_debtor(), make_debtor()
    hers = make_address(debtor=maria, street="Rua A, 1", city="São Paulo")
    make_address(debtor=joao, street="Rua A, 1", city="Campinas")
    make_address(debtor=ana, street="Rua A, 1", city="São Paulo")
    letter = make_contact(debtor=maria, at=now, channel=Channel.LETTER, point=hers, state=ContactState.SENT)

    refusals.not_me(contact_id=letter.pk, now=now)

    found = ContactPoint.objects.filter(value="Rua A, 1").values_list("city", "status")
    assert sorted(found) == [
        ("Campinas", PointStatus.NEW),
        ("São Paulo", PointStatus.REASSIGNED),
        ("São Paulo", PointStatus.REASSIGNED),
    ]


def test_a_contact_that_reached_no_address_can_be_answered_by_nobody(now):
    planned = Contact.objects.create(
        wanted_by="x", debtor=make_debtor(), channel=Channel.SMS, not_before=now, created_at=now
    )

    assert refusals.not_me(contact_id=planned.pk, now=now) is False
    assert refusals.stop(contact_id=987_654, now=now) is False
    assert ProviderEvent.objects.count() == 0


def test_guessing_is_stopped_and_a_right_token_is_heard_all_the_same(sent):
    contact, _joao = sent
    client = Client()
    guesses = [client.get(reverse("not_me", args=["2" * 14])).status_code for _guess in range(22)]

    heard = client.post(path_of("stop", contact))

    assert guesses == [200] * 20 + [429] * 2
    assert (heard.status_code, OptOut.objects.count()) == (200, 2)
    elsewhere = client.get(reverse("not_me", args=["2" * 14]), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 200


# --- in the messages


def test_every_e_mail_ends_with_both_links(now, settings):
    make_policy(now=now, windows={day: [["00:00", "24:00"]] for day in EVERY_DAY})
    debtor = make_debtor(phone=None, email=None)
    make_email(debtor=debtor, address="maria@example.com")
    make_phone(debtor=debtor)
    make_debt(debtor=debtor)
    wanted = outbox.want(
        Contact(
            wanted_by="test:mail",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.EMAIL,
            template=make_template(channel=Channel.EMAIL, body="Bom dia, {{ name }}.", subject="Um recado"),
            not_before=now,
            created_at=now,
        )
    )

    dispatch.pump(clock=clock.now)

    (kept,) = read_messages(settings.SANDBOX_FILE, limit=1)
    assert kept.to == "maria@example.com"
    for url in (links.not_me(wanted.pk), links.stop(wanted.pk)):
        assert url in kept.body
        assert urlsplit(url).netloc == urlsplit(settings.PUBLIC_URL).netloc


def test_a_text_message_may_hold_the_links_too(now, settings):
    make_policy(now=now, windows={day: [["00:00", "24:00"]] for day in EVERY_DAY})
    debtor = make_debtor(phone=SHARED, email=None)
    make_debt(debtor=debtor)
    body = "Ola, {{ name }}. Nao e voce? {{ not_me_link }} SAIR: {{ stop_link }}"
    wanted = outbox.want(
        Contact(
            wanted_by="test:sms",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(key="with_links", body=body),
            not_before=now,
            created_at=now,
        )
    )

    dispatch.pump(clock=clock.now)

    (kept,) = read_messages(settings.SANDBOX_FILE, limit=1)
    assert kept.body == (f"Ola, Maria. Nao e voce? {links.not_me(wanted.pk)} SAIR: {links.stop(wanted.pk)}")
