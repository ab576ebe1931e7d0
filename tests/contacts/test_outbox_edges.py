"""At the edges of the outbox nothing leaves by mistake, nothing is lost, and one bad row stops nobody."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from contacts.channels import registry, sandbox
from contacts.models import Contact
from contacts.services import admission, consent, dispatch, holds, outbox, policy
from contacts.signals import contact_concluded
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope
from tests.factories import (
    house_creditor,
    make_agent,
    make_contact,
    make_creditor,
    make_debt,
    make_debtor,
    make_payment,
    make_phone,
    make_policy,
    make_template,
)

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)  # 21:40 in São Paulo
MORNING = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)  # 08:30 there
EASY_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat")


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    """What leaves is kept in a file of the test's own."""
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"


pytestmark = pytest.mark.django_db


def test_one_message_that_cannot_be_judged_stops_no_other_and_is_tried_again_later():
    make_policy(now=MONDAY_10AM)
    unfit = _want(_debtor(), at=MONDAY_10AM - timedelta(hours=1))
    Contact.objects.filter(pk=unfit.pk).update(expires_at=MONDAY_10AM)
    fit = _want(_debtor())

    with _stumbling_over(unfit):
        _pump()

    unfit.refresh_from_db()
    fit.refresh_from_db()
    assert fit.state == ContactState.SENT
    assert (unfit.state, unfit.attempts.count()) == (ContactState.PLANNED, 0)
    assert unfit.not_before == MONDAY_10AM + dispatch.REST_OF_A_STOPPED_LINE


def test_a_text_that_is_no_template_fails_and_says_so():
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor(), body="Ola, {name}.")

    _pump()

    contact.refresh_from_db()
    assert (contact.state, contact.error_code) == (ContactState.FAILED, "cannot fill {name}.")


def test_an_agents_call_is_placed_by_the_agent_or_not_at_all():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor()
    call = make_contact(
        debtor=debtor, at=MONDAY_10AM, channel=Channel.VOICE, agent=make_agent(), state=ContactState.PLANNED
    )

    _pump()

    call.refresh_from_db()
    assert (call.state, call.attempts.count()) == (ContactState.PLANNED, 0)


def test_a_number_opted_out_leads_to_the_next_one_even_when_it_is_asked_at_night():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor()
    other = make_phone(debtor=debtor)
    consent.opt_out(
        debtor=debtor,
        scope=OptOutScope.POINT,
        point=debtor.points.filter(is_mobile=True).first(),
        source="letter",
        by=None,
        now=MONDAY_10AM,
    )
    contact = _want(debtor, at=NIGHT)

    _pump(at=NIGHT)
    _pump(at=MORNING + timedelta(hours=1))

    assert [message.to for message in _left()] == [other.value]
    contact.refresh_from_db()
    assert contact.state == ContactState.SENT


def test_nobody_is_asked_for_a_creditor_he_paid_though_he_owes_another():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor()
    make_debt(debtor=debtor, creditor=make_creditor())
    contact = _want(debtor)
    make_payment(debtor=debtor, amount_cents=20_000, now=MONDAY_10AM)

    _pump()

    contact.refresh_from_db()
    assert (contact.state, contact.objections) == (ContactState.BLOCKED, ["NOTHING_OWED"])


@pytest.mark.parametrize("minutes", [2, 30])
def test_a_window_shorter_than_the_spread_still_lets_everybody_pass(minutes):
    make_policy(now=MONDAY_10AM, windows={day: [["08:30", f"08:{30 + minutes - 1}"]] for day in EASY_WEEK})
    wanted = [_want(_debtor(), at=NIGHT) for _ in range(8)]

    _pump(at=NIGHT)

    closing = MORNING + timedelta(minutes=minutes - 1)
    moments = [Contact.objects.get(pk=each.pk).not_before for each in wanted]
    assert all(MORNING <= moment <= closing - admission.MARGIN for moment in moments)


def test_a_worker_that_slept_between_the_permission_and_the_wire_sends_nothing():
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor())
    clock = iter([MONDAY_10AM] * 3)

    dispatch.pump(clock=lambda: next(clock, NIGHT), longest_run_seconds=0.5)

    contact.refresh_from_db()
    assert _left() == []
    assert (contact.state, contact.started_at) == (ContactState.PLANNED, None)
    assert [attempt.state for attempt in contact.attempts.all()] == ["not_sent"]


def test_at_the_last_moment_of_an_inclusive_window_nothing_is_left_to_the_provider():
    make_policy(now=MONDAY_10AM, window_end_inclusive=True)
    closing = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    contact = _want(_debtor(), at=closing)

    _pump(at=closing, seconds=0.2)

    contact.refresh_from_db()
    assert (contact.state, _left()) == (ContactState.PLANNED, [])


def test_what_the_old_policy_put_off_is_judged_by_the_new_one_at_once():
    make_policy(now=MONDAY_10AM, windows={"sat": [["08:30", "21:00"]]})
    contact = _want(_debtor())
    _pump()

    policy.publish(terms=make_policy(now=MONDAY_10AM).terms, note="wider", by=None, now=MONDAY_10AM)
    _pump()

    contact.refresh_from_db()
    assert contact.state == ContactState.SENT


def test_a_new_policy_does_not_hurry_what_a_busy_provider_put_off():
    make_policy(now=MONDAY_10AM)
    contact = _want(_debtor(phone="+5511999990004"))
    _pump()
    contact.refresh_from_db()
    back = contact.not_before

    policy.publish(terms=make_policy(now=MONDAY_10AM).terms, note="same", by=None, now=MONDAY_10AM)

    contact.refresh_from_db()
    assert contact.not_before == back > MONDAY_10AM


def test_a_hold_lifted_early_lets_what_it_put_off_be_judged_again():
    make_policy(now=MONDAY_10AM)
    debtor = _debtor()
    contact = _want(debtor)
    until = MONDAY_10AM + timedelta(days=7)
    hold = holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=MONDAY_10AM, until=until)
    _pump()
    contact.refresh_from_db()
    assert contact.not_before >= until

    holds.lift(hold, why="", by=None, now=MONDAY_10AM)
    _pump()

    contact.refresh_from_db()
    assert contact.state == ContactState.SENT


@contextmanager
def _stumbling_over(unfit):
    """Somebody above who cannot follow the end of one contact."""

    def stumble(*, contact, **_rest):
        if contact.pk == unfit.pk:
            raise LookupError("no way on from here")

    contact_concluded.connect(stumble)
    try:
        yield
    finally:
        contact_concluded.disconnect(stumble)


def _debtor(*, phone=""):
    debtor = make_debtor(phone=phone)
    make_debt(debtor=debtor)
    return debtor


def _want(debtor, *, at=MONDAY_10AM, body="Ola, {{ name }}. Ligue {{ phone }}."):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(key=f"text{debtor.pk}", body=body),
            not_before=at,
            created_at=at,
        )
    )


def _pump(*, at=MONDAY_10AM, seconds=10.0):
    return dispatch.pump(clock=lambda: at, longest_run_seconds=seconds)


def _left():
    return sandbox.read_messages(registry.sandbox_file(), limit=100)
