"""Forty days of a whole portfolio, hour by hour: what leaves is what may leave, and each step once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.rules.disclosure import indiscretions
from contacts.rules.facts import ContactFacts
from contacts.services import consent, dispatch, holds, policy
from contacts.vocabulary import ContactState, HoldKind, OptOutScope, Purpose
from debtors import queries as debtor_queries
from debtors.models import Debtor
from debtors.services import importing, promises
from dunning import queries
from dunning.models import Case, ScheduledStep
from dunning.services import defaults, round
from dunning.vocabulary import CaseState, StepResult
from tests.factories import make_contact, make_creditor, make_debt, make_debtor, make_payment
from tests.stories.telling import Story, first_debtors

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2026, 11, 21)  # the day from which the sample's due dates are counted; a Saturday
DAYS = 40
#: Office hours and the edges of what is allowed somewhere in Brazil, from UTC-5 to UTC-2.
MOMENTS = [time(hour) for hour in range(6, 24)] + [
    time(7, 30),
    time(8, 29, 59),
    time(8, 30),
    time(20, 59, 59),
]


def moments() -> Iterator[datetime]:
    for day in range(DAYS):
        for moment in sorted(MOMENTS):
            yield timezone.make_aware(datetime.combine(FIRST_DAY + timedelta(days=day), moment))


def live(story: Story, now: datetime, *, creditor) -> None:
    """Live one moment: the round of the house at dawn and noon, the pump always, life in between."""
    if (now.hour, now.minute) in {(9, 0), (15, 0)}:  # UTC: 06:00 and 12:00 in São Paulo
        promises.settle_due(now=now)
        round.go(now=now)
        assert not queries.cases_without_next_action(now=now).exists()
    if now.hour == 18 and now.minute == 0:
        something_happens(story, now, creditor=creditor)
    dispatch.pump(clock=lambda: now)
    story.look(now)


def something_happens(story: Story, now: datetime, *, creditor) -> None:
    """Each day somebody pays everything, somebody asks not to be contacted, somebody disputes."""
    live_cases = Case.objects.filter(state=CaseState.OPEN).exclude(debtor__in=story.silent).order_by("pk")
    three = list(live_cases[now.day : now.day + 3])
    if len(three) < 3:
        return
    payer, quiet, disputing = (Debtor.objects.get(pk=case.debtor_id) for case in three)
    owed = debtor_queries.balance_with(
        debtor_id=payer.pk, creditor_id=creditor.pk, on=timezone.localdate(now)
    ).total_cents
    make_payment(debtor=payer, creditor=creditor, amount_cents=owed, now=now)
    consent.opt_out(debtor=quiet, scope=OptOutScope.GLOBAL, source="story", by=None, now=now)
    holds.place(debtor=disputing, kind=HoldKind.DISPUTE, reason="story", by=None, now=now)
    story.silent |= {payer.pk, quiet.pk, disputing.pk}


@pytest.mark.parametrize("debtors", [40, pytest.param(2000, marks=pytest.mark.full)])
def test_forty_days_of_a_portfolio(debtors, sandbox):
    start = next(moments())
    creditor = make_creditor()
    policy.ship_default(now=start)
    defaults.ship()
    importing.import_at_once(
        first_debtors(debtors),
        file_name="sample.csv",
        creditor=creditor,
        portfolio_name="Geral",
        only_good=False,
        now=start,
    )
    story = Story(sandbox)

    for now in moments():
        live(story, now, creditor=creditor)

    assert Debtor.objects.count() == debtors
    assert story.refused == []
    assert set(story.wanted.values()) == {1}
    assert story.disturbed == []
    assert all(indiscretions(body) == () for body in story.first_words.values())
    told = ScheduledStep.objects.filter(result=StepResult.WANTED)
    assert {step.wanted_by for step in told} >= {
        name for name in story.wanted if name.startswith("step:") and name.count(":") == 3
    }
    assert (
        sum(story.wanted.values())
        == Contact.objects.filter(attempts__isnull=False, channel__in=["sms", "email"]).count()
    )
    assert sum(story.wanted.values()) > debtors  # it was a story, not a silence
    assert not Contact.objects.filter(state__in=[ContactState.SENDING, ContactState.CLAIMED]).exists()


@pytest.mark.parametrize(
    ("hour", "before", "reasons"),
    [
        (10, [], []),
        (22, [], ["OUTSIDE_HOURS"]),
        (10, [timedelta(minutes=59)], ["CAP_DAY_CHANNEL", "GAP_TOTAL"]),
        (10, [timedelta(days=1), timedelta(days=2)], ["CAP_7D_CHANNEL"]),
    ],
)
def test_the_story_would_see_a_message_that_must_not_leave(sandbox, hour, before, reasons):
    monday = timezone.make_aware(datetime(2026, 11, 23, hour))
    policy.ship_default(now=monday)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    contact = make_contact(debtor=debtor, at=monday, state=ContactState.SENT, purpose=Purpose.REPLY)
    contact.started_at = None  # the past is what the sandbox tells
    contact.state = ContactState.PLANNED
    contact.save()
    story = Story(sandbox)
    story.left[debtor.pk] = [ContactFacts(monday - ago, "sms", "sent") for ago in before]

    story.judge(contact, at=monday, body="")

    assert story.refused == ([(contact.wanted_by, reasons)] if reasons else [])
