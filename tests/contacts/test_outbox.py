"""A wanted contact leaves once, when the gate permits it, and every end is written down."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from contacts.channels.base import Rejected
from contacts.models import Attempt, Contact, OptOut
from contacts.rules.codes import NO_POLICY
from contacts.services import admission, calls, consent, dispatch, holds, outbox, policy, provider_answers
from contacts.vocabulary import (
    AttemptState,
    Channel,
    ContactState,
    HoldKind,
    OptOutScope,
    Outcome,
    Purpose,
)
from debtors.services import ledger, people
from debtors.vocabulary import PaymentMethod, PaymentSource, PointKind, PointStatus
from tests.factories import (
    house_creditor,
    make_agent,
    make_debt,
    make_debtor,
    make_phone,
    make_policy,
    make_template,
)

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)  # 21:40 in São Paulo
CHEERFUL, UNREACHABLE, LOST = "+5511987650000", "+5511999990001", "+5511999990002"


@pytest.fixture
def sandbox(settings, tmp_path):
    """The file in which the sandbox keeps what left the house."""
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    return settings.SANDBOX_FILE


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox")]


def test_the_same_wish_twice_is_one_contact_and_one_message(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()

    first, second = _want(debtor), _want(debtor)
    _pump()
    _pump()

    assert first == second
    assert len(_left(sandbox)) == 1


def test_at_night_a_message_waits_for_the_morning_with_the_reason_written_on_it(sandbox):
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes(), at=NIGHT)

    _pump(at=NIGHT)

    contact.refresh_from_db()
    opening = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    assert contact.state == ContactState.PLANNED
    assert contact.objections == ["OUTSIDE_HOURS"]
    assert opening <= contact.not_before <= opening + timedelta(minutes=45)
    assert _left(sandbox) == []


def test_nothing_is_started_in_the_last_half_minute_of_a_window(sandbox):
    make_policy(now=MONDAY_10AM)
    closing = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)

    contact = _want(_debtor_who_owes(), at=closing - timedelta(seconds=30))
    _pump(at=closing - timedelta(seconds=30))

    contact.refresh_from_db()
    assert (contact.state, contact.not_before) == (ContactState.PLANNED, closing)
    assert _left(sandbox) == []


def test_without_a_policy_nothing_leaves(sandbox):
    contact = _want(_debtor_who_owes())

    _pump()

    contact.refresh_from_db()
    assert contact.objections == [NO_POLICY]
    assert _left(sandbox) == []


def test_a_pause_binds_at_the_next_admission_and_lifting_it_lets_the_message_go(sandbox):
    make_policy(now=MONDAY_10AM)
    _want(_debtor_who_owes())
    policy.pause(is_paused=True, now=MONDAY_10AM)

    _pump()
    assert _left(sandbox) == []
    policy.pause(is_paused=False, now=MONDAY_10AM)
    _pump()

    assert len(_left(sandbox)) == 1


def test_who_has_paid_is_not_reminded_any_more(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()
    contact = _want(debtor)
    ledger.record_payment(
        debtor=debtor,
        creditor=house_creditor(),
        amount_cents=20_000,
        paid_on=MONDAY_10AM.date(),
        method=PaymentMethod.PIX,
        source=PaymentSource.HAND,
        external_id="all",
        recorded_by=None,
        now=MONDAY_10AM,
    )

    _pump()

    contact.refresh_from_db()
    assert contact.state in (ContactState.BLOCKED, ContactState.CANCELLED)
    assert _left(sandbox) == []


def test_an_opt_out_blocks_what_already_waits_and_its_withdrawal_lets_it_be_judged_again(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()
    contact = _want(debtor)
    wish = _opt_out(debtor)

    _pump()
    contact.refresh_from_db()
    assert (contact.state, contact.objections) == (ContactState.BLOCKED, ["OPT_OUT_CHANNEL"])
    consent.withdraw_opt_out(wish, source="said so", by=None, now=MONDAY_10AM)
    _pump()

    assert len(_left(sandbox)) == 1


def test_the_same_opt_out_twice_is_one_row():
    debtor = _debtor_who_owes()

    assert _opt_out(debtor) == _opt_out(debtor)
    assert OptOut.objects.count() == 1


def test_a_hold_blocks_and_lifting_it_lets_the_message_go(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()
    _want(debtor)
    hold = holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="not mine", by=None, now=MONDAY_10AM)

    _pump()
    assert _left(sandbox) == []
    holds.lift(hold, why="", by=None, now=MONDAY_10AM)
    _pump()

    assert len(_left(sandbox)) == 1


def test_a_wrong_number_leads_on_to_the_next_best_one(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes(phone=CHEERFUL)
    other = make_phone(debtor=debtor, number="+5511987651234")
    cheerful, wrong = debtor.points.get(value=CHEERFUL), PointStatus.WRONG_NUMBER
    people.retire_point(cheerful, status=wrong, source="", by=None, now=MONDAY_10AM)

    _want(debtor)
    _pump()

    assert [message["to"] for message in _left(sandbox)] == [other.value]


def test_a_refusal_of_the_person_is_final_and_no_other_number_is_tried(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes(phone=CHEERFUL)
    make_phone(debtor=debtor, number="+5511987651234")
    _opt_out(debtor)

    _want(debtor)
    _pump()

    assert _left(sandbox) == []


@pytest.mark.parametrize("kind", [PointKind.WORKPLACE, PointKind.THIRD_PARTY])
def test_a_workplace_or_a_third_party_is_never_used(sandbox, kind):
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor(phone=None, email=None)
    make_phone(debtor=debtor, kind=kind)
    make_debt(debtor=debtor)

    contact = _want(debtor)
    _pump()

    contact.refresh_from_db()
    assert contact.state == ContactState.BLOCKED
    assert _left(sandbox) == []


def test_two_messages_due_together_do_not_pass_a_cap_of_one(sandbox):
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    debtor = _debtor_who_owes()
    _want(debtor, name="one")
    _want(debtor, name="two")

    _pump()

    assert len(_left(sandbox)) == 1


def test_a_number_that_does_not_exist_is_retired_and_the_contact_has_failed(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes(phone=UNREACHABLE)

    contact = _want(debtor)
    _pump()

    contact.refresh_from_db()
    assert contact.state == ContactState.FAILED
    assert debtor.points.get(value=UNREACHABLE).status == PointStatus.INVALID


def test_what_may_or_may_not_have_left_is_unknown_counts_and_is_not_repeated(sandbox):
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    debtor = _debtor_who_owes(phone=LOST)

    contact, other = _want(debtor), _want(debtor, name="other")
    _pump()
    _pump()

    contact.refresh_from_db()
    other.refresh_from_db()
    assert contact.state == ContactState.UNKNOWN
    assert contact.attempts.count() == 1
    assert "CAP_DAY_TOTAL" in other.objections


def test_a_channel_without_its_settings_holds_the_message_back_and_loses_nothing(sandbox, settings):
    settings.CHANNELS = {"sms": "twilio"}
    settings.TWILIO_ACCOUNT_SID = ""
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes())

    _pump()

    contact.refresh_from_db()
    assert (contact.state, contact.attempts.count()) == (ContactState.PLANNED, 0)
    assert contact.not_before == MONDAY_10AM + dispatch.REST_OF_A_STOPPED_LINE


def test_a_provider_that_refuses_us_altogether_fails_nobody_s_message(sandbox):
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes())
    [claimed] = outbox.claim(now=MONDAY_10AM, limit=1)
    attempt = admission.admit(claimed, now=MONDAY_10AM).attempt

    provider_answers.settle(attempt, Rejected(code="20003", stops_line=True), now=MONDAY_10AM)

    contact.refresh_from_db()
    assert (contact.state, contact.started_at) == (ContactState.PLANNED, None)
    assert contact.not_before >= MONDAY_10AM + dispatch.REST_OF_A_STOPPED_LINE


def test_a_claim_of_a_worker_that_died_ends_and_its_fence_is_worth_nothing():
    make_policy(now=MONDAY_10AM)
    _want(_debtor_who_owes())
    [lost] = outbox.claim(now=MONDAY_10AM, limit=5)
    later = MONDAY_10AM + outbox.CLAIM_LEASE + timedelta(seconds=1)

    assert outbox.claim(now=later, limit=5) == []
    assert outbox.release_lost_claims(now=later) == 1
    [again] = outbox.claim(now=later, limit=5)

    assert admission.admit(lost, now=later) is None
    assert admission.admit(again, now=later) is not None


def test_too_late_is_written_down_as_expired(sandbox):
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes(), expires_at=MONDAY_10AM)

    _pump(at=MONDAY_10AM)

    contact.refresh_from_db()
    assert contact.state == ContactState.EXPIRED
    assert _left(sandbox) == []


def test_a_template_with_nothing_to_say_fails_instead_of_leaving_a_hole(sandbox):
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes(), body="{{ name }}: {{ promise_date }}")

    _pump()

    contact.refresh_from_db()
    assert (contact.state, contact.error_code) == (ContactState.FAILED, "cannot fill promise_date")
    assert _left(sandbox) == []


def test_the_text_speaks_the_name_the_greeting_of_the_debtors_clock_and_its_own_protocol(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes(phone="+5568999990000")  # Acre: two hours behind São Paulo
    debtor.confirmed_time_zone = "America/Rio_Branco"
    debtor.save()
    at = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 11:30 there, 13:30 in São Paulo

    contact = _want(debtor, at=at, body="{{ greeting }}, {{ name }}. {{ protocol }}")
    _pump(at=at)

    [message] = _left(sandbox)
    contact.refresh_from_db()
    assert message["body"] == contact.body
    assert message["body"].startswith("Bom dia, Maria. ")


def test_a_name_with_accents_does_not_make_an_sms_cost_twice(sandbox):
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor(name="Olívia Conceição")
    make_debt(debtor=debtor)

    _want(debtor, body="Ola, {{ full_name }}.")
    _pump()

    assert [message["body"] for message in _left(sandbox)] == ["Ola, Olivia Conceicao."]


def test_a_call_is_refused_with_the_reason_and_the_moment_it_will_be_allowed():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()

    with pytest.raises(calls.NotAllowedError) as refused:
        _call(debtor, at=NIGHT)

    assert refused.value.verdict.reasons == ("OUTSIDE_HOURS",)
    assert refused.value.verdict.next_allowed == datetime(2026, 11, 24, 11, 30, tzinfo=UTC)


def test_a_call_pressed_twice_is_one_call_and_counts_like_every_contact():
    make_policy(now=MONDAY_10AM, caps={"channels": {"voice": {"per_day": 1}}})
    debtor = _debtor_who_owes()

    assert _call(debtor) == _call(debtor)
    with pytest.raises(calls.NotAllowedError, match="CAP_DAY_CHANNEL"):
        _call(debtor, name="second")

    assert Attempt.objects.count() == 1


def test_a_contact_is_concluded_once_and_only_after_it_left():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor_who_owes()
    call = _call(debtor)

    assert outbox.conclude(call, outcome=Outcome.CONVERSATION, now=MONDAY_10AM) is True
    assert outbox.conclude(call, outcome=Outcome.NO_ANSWER, now=MONDAY_10AM) is False
    call.refresh_from_db()
    assert call.outcome == Outcome.CONVERSATION
    with pytest.raises(outbox.ForbiddenMoveError):
        outbox.conclude(_want(debtor, name="waiting"), outcome=Outcome.DELIVERED, now=MONDAY_10AM)


def test_the_database_refuses_a_second_live_attempt():
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes())
    _pump()
    first = contact.attempts.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            contact=contact,
            state=AttemptState.SENDING,
            provider="sandbox",
            to=first.to,
            policy=first.policy,
            facts_hash="",
            started_at=MONDAY_10AM,
        )


def test_the_database_refuses_an_outcome_without_an_end():
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes())

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(outcome=Outcome.DELIVERED)


def test_a_stricter_policy_binds_what_already_waits(sandbox):
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor_who_owes())
    policy.publish(terms={"channels": ["email"], "windows": {}}, note="no more SMS", by=None, now=MONDAY_10AM)

    _pump()

    contact.refresh_from_db()
    assert "CHANNEL_DISABLED" in contact.objections
    assert _left(sandbox) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_sixteen_workers_at_once_send_each_message_once_and_no_debtor_more_than_his_cap(sandbox):
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    debtors = [_debtor_who_owes() for _ in range(10)]
    for debtor in debtors:
        for name in ("a", "b", "c"):
            _want(debtor, name=f"{debtor.pk}{name}")

    _in_threads(16, _pump)

    left = _left(sandbox)
    assert len(left) == len({message["to"] for message in left}) == len(debtors)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_debtors_lock_the_same_race_breaks_the_cap(sandbox, monkeypatch):
    """The negative control of the test above: the lock is what holds the cap."""
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    debtors = [_debtor_who_owes() for _ in range(10)]
    for debtor in debtors:
        for name in ("a", "b", "c"):
            _want(debtor, name=f"{debtor.pk}{name}")
    all_asked = threading.Barrier(3)
    gather = admission.queries.gather

    def gather_together(*debtors, **moment):
        known = gather(*debtors, **moment)
        all_asked.wait(timeout=20)
        return known

    monkeypatch.setattr(admission, "lock_debtors", lambda _debtor_ids: None)
    monkeypatch.setattr(admission.queries, "gather", gather_together)
    claimed = outbox.claim(now=MONDAY_10AM, limit=3)

    _in_threads(3, lambda: admission.admit(claimed.pop(), now=MONDAY_10AM))

    assert Attempt.objects.count() > len({attempt.to for attempt in Attempt.objects.all()})


def _in_threads(number, work):
    def run():
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _debtor_who_owes(*, phone=""):
    debtor = make_debtor(phone=phone)
    make_debt(debtor=debtor)
    return debtor


def _want(debtor, *, name="wish", at=MONDAY_10AM, expires_at=None, body=""):
    template = make_template(key=f"t{name}", body=body) if body else make_template()
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}:{name}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            purpose=Purpose.COLLECTION,
            template=template,
            not_before=at,
            expires_at=expires_at,
            created_at=at,
        )
    )


def _opt_out(debtor):
    return consent.opt_out(
        debtor=debtor,
        scope=OptOutScope.CHANNEL,
        channel=Channel.SMS,
        source="told an agent",
        by=None,
        now=MONDAY_10AM,
    )


def _call(debtor, *, at=MONDAY_10AM, name="call"):
    return calls.place(
        debtor=debtor,
        creditor=house_creditor(),
        point=debtor.points.filter(medium="phone").first(),
        agent=make_agent(),
        wanted_by=f"call:{debtor.pk}:{name}",
        now=at,
    )


def _pump(*, at=MONDAY_10AM):
    return dispatch.pump(clock=lambda: at)


def _left(sandbox):
    return [json.loads(line) for line in sandbox.read_text().splitlines()] if sandbox.exists() else []
