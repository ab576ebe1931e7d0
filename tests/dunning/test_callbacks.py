"""A call promised for a moment is announced where that is allowed, and kept or missed: both are known."""

from datetime import timedelta

import pytest

from collections_crm import snapshot
from contacts.models import Contact
from contacts.services import dispatch
from contacts.vocabulary import ContactState, Purpose
from dunning.models import Callback
from dunning.services import calling, defaults, outcomes, workqueue
from dunning.services import round as rounds
from dunning.vocabulary import CallbackState, CaseState, Disposition
from tests.factories import make_case, make_policy

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(agent, monday_10am):
    """A case the agent holds, in a house with texts in use and few limits."""
    make_policy(now=monday_10am)
    defaults.ship()
    return workqueue.take(make_case(now=monday_10am), agent=agent, now=monday_10am)


def dial(case, *, now):
    phone = case.debtor.points.get(medium="phone")
    return calling.dial(case, agent=case.agent, fence=case.fence, point=phone, now=now)


def record(case, *, now, disposition=Disposition.CALLBACK, callback_at=None):
    outcomes.record(
        case=case,
        agent=case.agent,
        fence=case.fence,
        disposition=disposition,
        callback_at=callback_at,
        now=now,
    )


def announcements():
    return list(Contact.objects.filter(purpose=Purpose.SERVICE))


def test_a_call_promised_for_tomorrow_is_announced_once_in_neutral_words(
    case, monday_10am, settings, tmp_path
):
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.CHANNELS = dict.fromkeys(["sms", "email"], "sandbox") | {"voice": "manual"}
    dial(case, now=monday_10am)
    record(case, now=monday_10am, callback_at=monday_10am + DAY)
    dispatch.pump(clock=lambda: monday_10am + HOUR)

    (told,) = announcements()
    assert (told.state, told.expires_at) == (ContactState.SENT, monday_10am + DAY - 2 * HOUR)
    assert "no horario que voce pediu" in told.body
    assert (case.creditor.name in told.body, "R$" in told.body) == (False, False)


def test_a_call_promised_for_soon_is_not_announced(case, monday_10am):
    record(case, now=monday_10am, callback_at=monday_10am + 3 * HOUR)

    assert announcements() == []


@pytest.mark.parametrize(("per_7_days", "is_announced"), [(2, False), (3, True)])
def test_no_announcement_uses_up_the_call_that_it_announces(case, monday_10am, per_7_days, is_announced):
    make_policy(now=monday_10am, caps={"total": {"per_7_days": per_7_days}})
    dial(case, now=monday_10am)

    record(case, now=monday_10am, callback_at=monday_10am + DAY)

    assert bool(announcements()) == is_announced


def promised(case, *, monday_10am):
    record(case, now=monday_10am, callback_at=monday_10am + 3 * HOUR)
    return monday_10am + 3 * HOUR


def fate():
    return CallbackState(Callback.objects.get().state)


@pytest.mark.parametrize(
    ("called_after", "became"),
    [
        (timedelta(minutes=-30), CallbackState.KEPT),
        (timedelta(minutes=30), CallbackState.KEPT),
        (timedelta(minutes=31), CallbackState.MISSED),
        (None, CallbackState.MISSED),
    ],
)
def test_a_call_about_the_moment_keeps_the_promise(case, agent, monday_10am, called_after, became):
    due_at = promised(case, monday_10am=monday_10am)
    if called_after is not None:
        dial(workqueue.take(case, agent=agent, now=due_at + called_after), now=due_at + called_after)

    rounds.go(now=due_at + timedelta(minutes=32))

    assert fate() == became
    assert snapshot.take(now=due_at + HOUR).missed_callbacks == (became == CallbackState.MISSED)


def test_before_its_moment_nothing_is_said_of_it(case, monday_10am):
    due_at = promised(case, monday_10am=monday_10am)

    rounds.go(now=due_at + timedelta(minutes=30))

    assert fate() == CallbackState.OPEN


def test_the_call_in_which_it_was_promised_does_not_keep_it(case, monday_10am):
    dial(case, now=monday_10am)
    record(case, now=monday_10am + timedelta(minutes=5), callback_at=monday_10am + timedelta(minutes=20))

    rounds.go(now=monday_10am + HOUR)

    assert fate() == CallbackState.MISSED


def test_who_calls_himself_before_needs_no_call_and_no_announcement(case, agent, monday_10am):
    record(case, now=monday_10am, callback_at=monday_10am + DAY)
    again = workqueue.take(case, agent=agent, now=monday_10am + HOUR)
    record(again, now=monday_10am + HOUR, callback_at=monday_10am + 2 * DAY)

    assert [each.state for each in Callback.objects.order_by("pk")] == ["dropped", "open"]
    assert [each.state for each in announcements()] == [ContactState.PLANNED, ContactState.CANCELLED]


def test_a_case_that_rests_drops_the_promise_and_calls_its_announcement_back(case, monday_10am):
    record(case, now=monday_10am, callback_at=monday_10am + DAY)
    case.refresh_from_db()
    case.state = CaseState.HELD
    case.save()

    rounds.callbacks.settle(now=monday_10am + HOUR)

    assert fate() == CallbackState.DROPPED
    assert [each.state for each in announcements()] == [ContactState.CANCELLED]
