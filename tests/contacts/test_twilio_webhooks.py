"""Twilio's calls to us: believed by signature, applied once, in whatever order they come."""

import itertools
import time
from datetime import timedelta
from functools import partial
from threading import Thread
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from contacts import queries
from contacts.models import Attempt, Contact, OptOut, ProviderEvent, Refusal
from contacts.services import clock, delivery, dispatch, outbox, settling
from contacts.vocabulary import AttemptState, Channel, ContactState, OptOutScope, Outcome, Purpose
from debtors.vocabulary import PointStatus
from dunning.models import Case
from tests.factories import make_case, make_debtor, make_phone, make_policy, make_template
from tests.fakes.twilio import Account, TwilioFake
from tests.fakes.twilio.callbacks import deliver_inbound, signature

pytestmark = pytest.mark.django_db

SID, TOKEN, NEW_TOKEN = "AC" + "2" * 32, "the-token", "the-next-token"
PUBLIC = "https://office.example"
OURS = "+551140040000"
THEIRS = "+5511987650001"
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_names = itertools.count(1)


@pytest.fixture(autouse=True)
def account(settings):
    settings.TWILIO_ACCOUNT_SID = SID
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_AUTH_TOKEN_SECONDARY = NEW_TOKEN
    settings.TWILIO_SMS_FROM = OURS
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def now():
    return clock.now()


def make_attempt(*, now, state=AttemptState.SENDING, provider_id=None, debtor=None, started_at=None):
    """Return one SMS attempt of a contact that stands where such an attempt leaves it."""
    who = debtor or make_debtor(phone=THEIRS)
    policy = make_policy(now=now)
    contact_states = {
        AttemptState.SENDING: ContactState.SENDING,
        AttemptState.UNKNOWN: ContactState.UNKNOWN,
        AttemptState.PARKED: ContactState.PARKED,
        AttemptState.ACCEPTED: ContactState.SENT,
        AttemptState.NOT_SENT: ContactState.PLANNED,
    }
    contact = Contact.objects.create(
        wanted_by=f"test:webhook:{next(_names)}",
        debtor=who,
        channel=Channel.SMS,
        purpose=Purpose.COLLECTION,
        point=who.points.filter(medium="phone").first(),
        state=contact_states[state],
        not_before=now,
        started_at=started_at or now,
        created_at=now,
    )
    return Attempt.objects.create(
        contact=contact,
        state=state,
        provider="twilio",
        provider_id=provider_id,
        to=THEIRS,
        policy=policy,
        facts_hash="",
        started_at=started_at or now,
        handed_at=started_at or now,
    )


def call(name, fields, *, query="", token=TOKEN, client=None, signed_for=None, **headers):
    """Call a webhook as Twilio does; `signed_for` is the address the signature is made for."""
    path = reverse(f"contacts:{name}") + query
    fields = {"AccountSid": SID} | fields
    signed = signature(token=token, url=signed_for or PUBLIC + path, fields=fields)
    return (client or Client(enforce_csrf_checks=True)).post(
        path,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed} | headers,
    )


def report(attempt, word, *, sid="SM1", **fields):
    given = {"MessageSid": sid, "MessageStatus": word} | fields
    return call("twilio_status", given, query=f"?a={attempt.pk}")


def text(body, *, sender=THEIRS, sid="SM9", **fields):
    return call("twilio_inbound", {"MessageSid": sid, "From": sender, "To": OURS, "Body": body} | fields)


def standing(attempt):
    attempt.refresh_from_db()
    attempt.contact.refresh_from_db()
    return attempt.state, attempt.provider_id, attempt.contact.state, attempt.contact.outcome


# --- reports


def test_a_report_moves_a_contact_to_its_end(now):
    attempt = make_attempt(now=now, state=AttemptState.ACCEPTED, provider_id="SM1")

    answers = [report(attempt, word).status_code for word in ("sent", "delivered")]

    assert answers == [204, 204]
    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.CONCLUDED, Outcome.DELIVERED)


@pytest.mark.parametrize("words", list(itertools.permutations(["queued", "sent", "delivered", "read"])))
def test_shuffled_reports_end_where_ordered_ones_do(now, words):
    attempt = make_attempt(now=now)

    for word in words:
        assert report(attempt, word).status_code == 204

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.CONCLUDED, Outcome.DELIVERED)
    assert ProviderEvent.objects.filter(attempt=attempt).count() == 4


def test_a_report_that_comes_twice_is_kept_and_applied_once(now):
    attempt = make_attempt(now=now)
    report(attempt, "delivered")
    ended_at = Contact.objects.get(pk=attempt.contact_id).concluded_at

    assert report(attempt, "delivered").status_code == 204

    assert ProviderEvent.objects.count() == 1
    assert Contact.objects.get(pk=attempt.contact_id).concluded_at == ended_at


def test_a_report_may_overtake_our_own_answer_from_the_provider(now):
    attempt = make_attempt(now=now, state=AttemptState.SENDING)

    report(attempt, "sent")
    settling.settle_accepted(attempt.pk, provider_id="SM1", now=now)

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.SENT, "")


@pytest.mark.parametrize("state", [AttemptState.UNKNOWN, AttemptState.PARKED])
def test_a_report_settles_what_nobody_knew(now, state):
    attempt = make_attempt(now=now, state=state)

    report(attempt, "sent")

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.SENT, "")


def test_our_own_doubt_after_a_report_changes_nothing(now):
    attempt = make_attempt(now=now)
    report(attempt, "sent")

    settling.settle_unknown(attempt.pk, reason="timeout", now=now)

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.SENT, "")


def test_the_first_end_is_the_one_that_counts(now):
    attempt = make_attempt(now=now)

    report(attempt, "delivered")
    report(attempt, "undelivered", ErrorCode="30003")

    assert standing(attempt)[3] == Outcome.DELIVERED


@pytest.mark.parametrize(
    ("code", "status", "opts_out"),
    [
        ("30003", PointStatus.NEW, False),
        ("21614", PointStatus.INVALID, False),
        ("21610", PointStatus.NEW, True),
    ],
)
def test_a_failure_teaches_what_its_code_says(now, code, status, opts_out):
    attempt = make_attempt(now=now)

    report(attempt, "undelivered", ErrorCode=code)

    contact = Contact.objects.select_related("point").get(pk=attempt.contact_id)
    assert (contact.outcome, contact.error_code) == (Outcome.FAILED, code)
    assert contact.point.status == status
    assert OptOut.objects.filter(debtor=contact.debtor, channel=Channel.SMS).exists() == opts_out
    assert Refusal.objects.filter(value=THEIRS, channel=Channel.SMS).exists() == opts_out


def test_evidence_of_a_message_we_counted_as_never_sent_is_kept_and_shouted(now, caplog):
    attempt = make_attempt(now=now, state=AttemptState.NOT_SENT)

    assert report(attempt, "delivered").status_code == 204

    assert standing(attempt) == (AttemptState.NOT_SENT, None, ContactState.PLANNED, "")
    assert ProviderEvent.objects.get().attempt == attempt
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


def test_one_attempt_that_is_two_messages_is_shouted(now, caplog):
    attempt = make_attempt(now=now, state=AttemptState.ACCEPTED, provider_id="SM1")

    report(attempt, "delivered", sid="SM2")

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.SENT, "")
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


def test_a_report_on_an_old_attempt_is_kept_and_changes_nothing(now):
    attempt = make_attempt(now=now, started_at=now - timedelta(days=7, minutes=1))

    report(attempt, "delivered")

    assert standing(attempt) == (AttemptState.SENDING, None, ContactState.SENDING, "")
    assert ProviderEvent.objects.count() == 1


@pytest.mark.parametrize("query", ["", "?a=", "?a=nonsense", "?a=7f0c8a52-0000-4000-8000-000000000000"])
def test_a_report_that_names_no_attempt_of_ours_is_kept(query):
    answer = call("twilio_status", {"MessageSid": "SM5", "MessageStatus": "sent"}, query=query)

    assert answer.status_code == 204
    assert ProviderEvent.objects.get().attempt is None


def test_a_report_without_our_name_finds_the_attempt_by_the_provider_s(now):
    attempt = make_attempt(now=now, state=AttemptState.ACCEPTED, provider_id="SM1")

    call("twilio_status", {"MessageSid": "SM1", "MessageStatus": "delivered"})

    assert standing(attempt)[3] == Outcome.DELIVERED


def test_a_word_we_do_not_know_is_kept_and_is_evidence_only(now):
    attempt = make_attempt(now=now)

    assert report(attempt, "teleported").status_code == 204

    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.SENT, "")


# --- who is believed


@pytest.mark.parametrize("name", ["twilio_status", "twilio_inbound"])
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, 204),
        ({"token": NEW_TOKEN}, 204),
        ({"token": "forged"}, 403),
        ({"token": ""}, 403),
        ({"X-Twilio-Signature": ""}, 403),
        ({"signed_for": "http://testserver/contacts/twilio/status"}, 403),
    ],
)
def test_only_what_twilio_signed_for_our_public_address_is_believed(name, how, expected):
    fields = {"MessageSid": "SM1", "MessageStatus": "sent", "From": "+5511900000000", "Body": "oi"}

    answer = call(name, fields, **how)

    assert answer.status_code == (200 if expected == 204 and name == "twilio_inbound" else expected)
    assert ProviderEvent.objects.count() == (0 if expected == 403 else 1)


def test_a_signature_does_not_serve_for_another_attempt(now):
    mine, other = make_attempt(now=now), make_attempt(now=now, debtor=make_debtor())
    path = reverse("contacts:twilio_status")

    answer = call(
        "twilio_status",
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
        query=f"?a={other.pk}",
        signed_for=f"{PUBLIC}{path}?a={mine.pk}",
    )

    assert answer.status_code == 403
    assert standing(other)[0] == AttemptState.SENDING


def test_a_changed_field_makes_a_call_a_forgery():
    path = reverse("contacts:twilio_inbound")
    signed = signature(token=TOKEN, url=PUBLIC + path, fields={"AccountSid": SID, "Body": "oi"})

    answer = Client().post(
        path,
        urlencode({"AccountSid": SID, "Body": "PARAR"}),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("sid", ["AC" + "9" * 32, ""])
def test_another_account_is_refused_even_with_our_signature(sid):
    answer = call("twilio_status", {"AccountSid": sid, "MessageSid": "SM1", "MessageStatus": "sent"})

    assert answer.status_code == 403


def test_a_house_without_an_account_believes_nobody(settings):
    settings.TWILIO_ACCOUNT_SID = ""

    assert call("twilio_status", {"AccountSid": "", "MessageSid": "SM1"}).status_code == 403


@pytest.mark.parametrize("name", ["twilio_status", "twilio_inbound"])
def test_what_is_no_signed_form_of_reasonable_size_is_refused(name):
    path = reverse(f"contacts:{name}")

    assert Client().get(path).status_code == 405
    assert Client().post(path, "{}", content_type="application/json").status_code == 403
    assert Client().post(path, {"AccountSid": SID}).status_code == 403  # multipart
    assert call(name, {"MessageSid": "SM1", "Body": "x" * 64 * 1024}).status_code == 413
    assert call(name, {"Body": "x"}).status_code == 400


def test_trouble_with_the_database_is_answered_so_that_twilio_calls_again(now, monkeypatch):
    attempt = make_attempt(now=now)

    def broken(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(delivery, "_keep", broken)
    assert report(attempt, "delivered").status_code == 503
    monkeypatch.undo()

    assert report(attempt, "delivered").status_code == 204
    assert standing(attempt)[3] == Outcome.DELIVERED


def test_what_could_not_be_applied_is_not_kept_as_applied(now, monkeypatch):
    attempt = make_attempt(now=now)

    def broken(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(settling, "settle_accepted", broken)

    assert report(attempt, "delivered").status_code == 503
    assert ProviderEvent.objects.count() == 0


# --- texts from debtors


@pytest.mark.parametrize(
    "body", ["PARAR", "sair!", "Stop", "não quero mais receber mensagens", "Cancelar 🙏"]
)
def test_a_wish_to_be_left_alone_binds_at_once(now, body):
    make_policy(now=now)
    debtor = make_debtor(phone=THEIRS)

    answer = text(body)

    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    wish = OptOut.objects.get()
    assert (wish.debtor, wish.scope, wish.channel) == (debtor, OptOutScope.CHANNEL, Channel.SMS)
    verdict = queries.may_contact(debtor=debtor, channel=Channel.SMS, now=clock.now()).best
    assert "OPT_OUT_CHANNEL" in verdict.reasons


def test_the_provider_s_own_understanding_counts_too():
    make_debtor(phone=THEIRS)

    text("arret", OptOutType="STOP")

    assert OptOut.objects.count() == 1


def test_a_number_of_several_debtors_opts_out_for_each_of_them():
    debtors = {make_debtor(phone=THEIRS).pk for _ in range(3)} | {make_debtor().pk}

    text("PARAR")

    opted_out = set(OptOut.objects.values_list("debtor", flat=True))
    assert len(opted_out) == 3
    assert opted_out < debtors
    assert Contact.objects.filter(is_inbound=True).count() == 3


def test_the_same_text_told_twice_is_one_text_and_one_wish():
    debtor = make_debtor(phone=THEIRS)

    answers = [text("PARAR", sid="SM9").status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert OptOut.objects.filter(debtor=debtor).count() == 1
    assert Contact.objects.filter(debtor=debtor, is_inbound=True).count() == 1
    assert ProviderEvent.objects.count() == 1


def test_an_answer_is_kept_and_brings_the_case_before_an_agent(now):
    debtor = make_debtor(phone=THEIRS)
    case = make_case(now=now, debtor=debtor, is_callable=False)

    text("Posso pagar dia 10?\x00")

    kept = Contact.objects.get(is_inbound=True)
    assert (kept.debtor, kept.body, kept.outcome) == (debtor, "Posso pagar dia 10?", Outcome.INBOUND)
    assert kept.point.value == THEIRS
    assert Case.objects.get(pk=case.pk).callable_from is not None
    assert OptOut.objects.count() == 0


def test_whoever_asks_us_to_stop_is_not_called_for_it(now):
    case = make_case(now=now, debtor=make_debtor(phone=THEIRS), is_callable=False)

    text("PARAR")

    assert Case.objects.get(pk=case.pk).callable_from is None


def test_an_answer_belongs_to_the_creditor_who_was_answered(now):
    attempt = make_attempt(now=now, state=AttemptState.ACCEPTED, provider_id="SM1")
    creditor = make_case(now=now, debtor=attempt.contact.debtor).creditor
    Contact.objects.filter(pk=attempt.contact_id).update(creditor=creditor)

    text("oi")

    assert Contact.objects.get(is_inbound=True).creditor == creditor


def test_a_stranger_s_number_is_taken_from_everybody_and_his_wish_binds_his_number_only():
    first, second = make_debtor(phone=THEIRS), make_debtor(phone=THEIRS)
    own = make_phone(debtor=first)

    text("Número errado, parem de me mandar mensagem")

    statuses = {point.status for debtor in (first, second) for point in debtor.points.filter(value=THEIRS)}
    own.refresh_from_db()
    assert statuses == {PointStatus.DO_NOT_CONTACT}  # an import respects it
    assert own.status == PointStatus.NEW
    assert set(OptOut.objects.values_list("scope", "point__value")) == {(OptOutScope.POINT, THEIRS)}
    assert set(Contact.objects.values_list("outcome", flat=True)) == {Outcome.WRONG_PERSON}


def test_a_whatsapp_text_opts_out_of_whatsapp():
    make_debtor(phone=THEIRS)

    text("parar", sender=f"whatsapp:{THEIRS}")

    assert OptOut.objects.get().channel == Channel.WHATSAPP


def test_whatsapp_s_number_without_its_ninth_digit_is_the_debtor_s_all_the_same():
    debtor = make_debtor(phone="+5531987650001")

    text("parar", sender="whatsapp:+553187650001")

    assert OptOut.objects.get().debtor == debtor
    assert Refusal.objects.get().value == "+5531987650001"
    assert ProviderEvent.objects.get().payload["From"] == "whatsapp:+553187650001"


@pytest.mark.parametrize("sender", ["28282", "VIVO", "+14155550100"])
def test_a_sender_that_is_no_brazilian_number_is_kept_as_it_came(sender):
    text("parar", sender=f"whatsapp:{sender}")

    assert Refusal.objects.get().value == sender


def test_a_text_from_a_number_nobody_has_is_kept(caplog):
    assert text("oi", sender="+5511900000000").status_code == 200

    assert ProviderEvent.objects.get().payload["Body"] == "oi"
    assert Contact.objects.count() == 0


# --- at once, and the whole way over real sockets


@pytest.mark.django_db(transaction=True)
def test_reports_and_texts_that_come_at_once_neither_hang_nor_count_twice(now):
    attempt = make_attempt(now=now)
    debtor = attempt.contact.debtor
    others = [make_debtor(phone=THEIRS) for _ in range(2)]
    calls = [partial(report, attempt, word) for word in ("queued", "sent", "delivered")] + [
        partial(text, "PARAR")
    ]
    answers = []

    def make(calls):
        answers.extend(call().status_code for call in calls)
        connection.close()

    threads = [Thread(target=make, args=(calls[turn:] + calls[:turn],)) for turn in (0, 1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == [200] * 4 + [204] * 12
    assert standing(attempt) == (AttemptState.ACCEPTED, "SM1", ContactState.CONCLUDED, Outcome.DELIVERED)
    assert ProviderEvent.objects.count() == 4
    assert set(OptOut.objects.values_list("debtor", flat=True)) == {
        debtor.pk,
        *(other.pk for other in others),
    }
    assert OptOut.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_by_twilio_and_its_reports_come_home(settings, live_server, tmp_path, now):
    make_policy(now=now, windows={day: [["00:00", "24:00"]] for day in EVERY_DAY})
    debtor = make_case(now=now, debtor=make_debtor(phone=THEIRS)).debtor
    account = Account(
        account_sid=SID, auth_token=TOKEN, callback_base=live_server.url, callback_repeat=2, is_shuffled=True
    )
    with TwilioFake(account) as twilio:
        settings.CHANNELS = settings.CHANNELS | {"sms": "twilio"}
        settings.TWILIO_API_BASE_URL = twilio.url
        contact = wanted(debtor, now=now)

        assert dispatch.pump(clock=clock.now) == 1
        (accepted,) = twilio.accepted()
        wait_until(lambda: Contact.objects.get(pk=contact.pk).state == ContactState.CONCLUDED)
        wait_until(lambda: ProviderEvent.objects.count() == 2)

        message = account.receive(sender=THEIRS, to=OURS, body="PARAR")
        heard = inbound_over_http(account, message)

    attempt = Attempt.objects.get()
    contact.refresh_from_db()
    assert heard.status == 200
    assert (attempt.state, attempt.provider_id) == (AttemptState.ACCEPTED, accepted.sid)
    assert f"?a={attempt.pk}#" in accepted.fields["StatusCallback"]
    assert contact.outcome == Outcome.DELIVERED
    assert OptOut.objects.get().debtor == debtor


def wanted(debtor, *, now):
    return outbox.want(
        Contact(
            wanted_by="test:road",
            debtor=debtor,
            creditor=debtor.debts.get().creditor,
            channel=Channel.SMS,
            template=make_template(),
            not_before=now,
            created_at=now,
        )
    )


def inbound_over_http(account, message):
    return deliver_inbound(account, message, address=PUBLIC + reverse("contacts:twilio_inbound"))


def wait_until(is_true, *, seconds=10):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
