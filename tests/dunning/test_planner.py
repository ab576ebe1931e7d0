"""What planning writes: each step once, the right channel, the right moment."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Contact
from contacts.vocabulary import Channel, ContactState, Purpose
from debtors.vocabulary import PointKind, PointStatus
from dunning.models import Case, ScheduledStep
from dunning.services import planner
from dunning.vocabulary import Actor, CaseState, StepResult
from tests.factories import (
    make_case,
    make_debtor,
    make_email,
    make_phone,
    make_strategy,
    make_template,
)

pytestmark = pytest.mark.django_db
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
LADDER = (
    (-3, Actor.SYSTEM, Channel.EMAIL, "due_soon"),
    (5, Actor.SYSTEM, Channel.EMAIL, "first_notice"),
    (10, Actor.SYSTEM, Channel.SMS, "second_notice"),
    (15, Actor.AGENT, Channel.VOICE, ""),
)


@pytest.fixture(autouse=True)
def ladder(db):
    for key in ("due_soon", "first_notice", "second_notice"):
        make_template(key=key, channel=Channel.EMAIL)
        make_template(key=key, channel=Channel.SMS)
    return make_strategy(steps=LADDER)


def case_late(now: datetime, days: int, **differences) -> Case:
    return make_case(now=now, days_late=days, is_callable=False, **differences)


def planned() -> list[tuple[int, str]]:
    return list(ScheduledStep.objects.order_by("pk").values_list("step__offset_days", "result"))


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SAO_PAULO)


def test_the_due_step_is_planned_and_its_message_wanted(monday_10am):
    case = case_late(monday_10am, 5)

    assert planner.plan(now=monday_10am) == 1

    assert planned() == [(5, StepResult.WANTED)]
    contact = Contact.objects.get()
    assert contact.wanted_by == ScheduledStep.objects.get().wanted_by
    assert (contact.debtor, contact.creditor, contact.channel) == (case.debtor, case.creditor, Channel.EMAIL)
    assert (contact.purpose, contact.template.key) == (Purpose.COLLECTION, "first_notice")
    assert contact.state == ContactState.PLANNED


def test_planning_again_writes_nothing_more(monday_10am):
    case_late(monday_10am, 5)
    planner.plan(now=monday_10am)
    Case.objects.update(next_plan_on=monday_10am.date())  # as if the first run had died before it was kept

    for _ in range(3):
        planner.plan(now=monday_10am)

    assert planned() == [(5, StepResult.WANTED)]
    assert Contact.objects.count() == 1


def test_a_case_forty_days_late_gets_one_courteous_message_never_five(monday_10am):
    case_late(monday_10am, 40)

    for hours in range(0, 30, 6):
        planner.plan(now=monday_10am + timedelta(hours=hours))

    assert planned() == [(10, StepResult.WANTED)]
    assert Contact.objects.get().template.key == "first_notice"  # the gentlest words, whatever the step


def test_then_the_call_after_the_gap(monday_10am):
    case_late(monday_10am, 40)

    for days in range(3):
        planner.plan(now=monday_10am + timedelta(days=days))

    assert planned() == [(10, StepResult.WANTED), (15, StepResult.QUEUED)]


def test_before_the_due_date_it_is_a_reminder_that_ends_with_that_date(monday_10am):
    case = case_late(monday_10am, -2)

    planner.plan(now=monday_10am)

    contact = Contact.objects.get()
    assert contact.purpose == Purpose.REMINDER
    assert contact.expires_at == at(case.anchor_on + timedelta(days=1), 0)


def test_an_agents_step_hands_the_case_to_the_agents(monday_10am):
    case = case_late(monday_10am, 15)
    first, second, call = case.strategy.steps.filter(offset_days__gt=0)
    for step, days_ago in ((first, 10), (second, 5)):
        ScheduledStep.objects.create(
            case=case,
            step=step,
            slot=case.anchor_on,
            result=StepResult.WANTED,
            planned_at=monday_10am - timedelta(days=days_ago),
        )

    planner.plan(now=monday_10am)

    case.refresh_from_db()
    assert case.callable_from == monday_10am
    assert case.urgency == 10 + 15 + 40  # square root of R$ 102.50 with additions, days late, first delay
    assert Contact.objects.count() == 0
    assert ScheduledStep.objects.filter(step=call, result=StepResult.QUEUED).exists()


@pytest.mark.parametrize(
    ("points", "channel"),
    [
        ({"phone": "", "email": ""}, Channel.EMAIL),
        ({"phone": "", "email": None}, Channel.SMS),
    ],
)
def test_a_step_falls_back_to_its_other_channel_for_want_of_an_address(monday_10am, points, channel):
    make_strategy(steps=LADDER[1:2], fallback_channel=Channel.SMS)
    case_late(monday_10am, 5, debtor=make_debtor(**points))

    planner.plan(now=monday_10am)

    assert Contact.objects.get().channel == channel


def test_an_address_at_work_or_of_somebody_else_or_retired_is_no_address(monday_10am):
    debtor = make_debtor(phone=None, email=None)
    make_email(debtor=debtor, kind=PointKind.WORKPLACE)
    make_email(debtor=debtor, kind=PointKind.THIRD_PARTY)
    make_email(debtor=debtor, status=PointStatus.INVALID)
    case = case_late(monday_10am, 5, debtor=debtor)

    planner.plan(now=monday_10am)

    assert planned() == [(5, StepResult.NO_ADDRESS)]
    assert Contact.objects.count() == 0
    case.refresh_from_db()
    assert case.next_plan_on == case.anchor_on + timedelta(days=10)


def test_a_fixed_line_takes_no_text_message(monday_10am):
    debtor = make_debtor(phone=None, email=None)
    make_phone(debtor=debtor, number="+551133334444", is_mobile=False)
    case_late(monday_10am, 10, debtor=debtor)

    planner.plan(now=monday_10am)

    assert planned() == [(10, StepResult.NO_ADDRESS), (5, StepResult.NO_ADDRESS)]


def test_messages_are_spread_over_the_morning_and_never_burst_at_a_round_hour(monday_10am):
    early = at(monday_10am, 0, 5)
    for _ in range(40):
        case_late(early, 5)

    planner.plan(now=early)

    moments = sorted(
        timezone.localtime(each, SAO_PAULO) for each in Contact.objects.values_list("not_before", flat=True)
    )
    assert at(early, 9) <= moments[0] < moments[-1] < at(early, 11)
    assert len({moment.replace(second=0, microsecond=0) for moment in moments}) > 20


def test_a_message_planned_in_the_afternoon_does_not_wait_for_tomorrow_morning(monday_10am):
    afternoon = at(monday_10am, 15)
    case_late(afternoon, 5)

    planner.plan(now=afternoon)

    contact = Contact.objects.get()
    assert afternoon <= contact.not_before < afternoon + timedelta(hours=2)
    assert contact.expires_at == contact.not_before + timedelta(days=3)


def test_a_later_message_is_said_instead_of_an_earlier_one_that_still_waits(monday_10am):
    case_late(monday_10am, 5)
    planner.plan(now=monday_10am)
    waiting = Contact.objects.get()

    planner.plan(now=monday_10am + timedelta(days=5))

    waiting.refresh_from_db()
    assert waiting.state == ContactState.CANCELLED
    assert Contact.objects.filter(state=ContactState.PLANNED).count() == 1


def test_a_message_that_has_left_is_not_called_back(monday_10am):
    case_late(monday_10am, 5)
    planner.plan(now=monday_10am)
    Contact.objects.update(state=ContactState.SENT, started_at=monday_10am)

    planner.plan(now=monday_10am + timedelta(days=5))

    assert sorted(Contact.objects.values_list("state", flat=True)) == [
        ContactState.PLANNED,
        ContactState.SENT,
    ]


@pytest.mark.parametrize(
    ("customer_since", "was_late_before", "first_message_after"),
    [
        (date(2020, 1, 1), False, 10),
        (date(2020, 1, 1), True, 5),
        (date(2026, 6, 1), False, 5),
        (None, False, 5),
    ],
)
def test_an_old_customers_first_delay_is_waited_for_longer(
    monday_10am, customer_since, was_late_before, first_message_after
):
    debtor = make_debtor(customer_since=customer_since)
    case = case_late(monday_10am, 0, debtor=debtor)
    if was_late_before:
        ScheduledStep.objects.create(
            case=case,
            step=case.strategy.steps.get(offset_days=5),
            slot=date(2025, 1, 1),
            result=StepResult.WANTED,
            planned_at=monday_10am - timedelta(days=600),
        )

    for days in range(1, 12):
        planner.plan(now=monday_10am + timedelta(days=days))
        if Contact.objects.exists():
            break

    assert days == first_message_after


@pytest.mark.parametrize("state", [CaseState.PROMISED, CaseState.HELD])
def test_a_resting_case_is_not_planned(monday_10am, state):
    case_late(monday_10am, 5, state=state)

    assert planner.plan(now=monday_10am) == 0


def test_at_the_end_of_the_ladder_the_case_rests_and_is_looked_at_again(monday_10am):
    case = case_late(monday_10am, 90)

    for days in (0, 2, 4, 6):
        planner.plan(now=monday_10am + timedelta(days=days))

    case.refresh_from_db()
    assert planned() == [(10, StepResult.WANTED), (15, StepResult.QUEUED)]
    assert case.next_plan_on == (monday_10am + timedelta(days=2 + 30)).date()


def test_one_run_plans_no_more_cases_than_it_is_allowed(monday_10am):
    for _ in range(3):
        case_late(monday_10am, 5)

    assert planner.plan(now=monday_10am, limit=2) == 2
    assert Contact.objects.count() == 2
    assert planner.plan(now=monday_10am, limit=2) == 1


def queries_to_plan(count: int, now: datetime) -> int:
    for _ in range(count):
        case_late(now, 15, debtor=make_debtor(customer_since=date(2020, 1, 1)))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert planner.plan(now=now) == count
    return len(captured)


def test_the_number_of_queries_is_the_same_for_one_case_and_for_many(monday_10am):
    assert queries_to_plan(1, monday_10am) == queries_to_plan(12, monday_10am + timedelta(days=1)) == 16
