"""A month on every channel while all changes: wishes, holds, money, numbers, local rules and the policy.

Dice decide what happens; the same number of the dice tells the same month. Whatever left is judged
again by the oracle, with the facts of that instant, and by what the month itself remembers.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from contacts import queries as contact_queries
from contacts.models import Contact, ContactPolicy, Hold, OptOut, Overlay, PolicyHead, ProviderText, Template
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import calls, consent, dispatch, holds, overlays, policy, policy_drafts, preferences
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Creditor, Debtor, Payment, Portfolio, PromiseToPay, User
from debtors.services import importing, ledger, people, promises
from debtors.vocabulary import Medium, PointStatus
from dunning.models import Case, Step, Strategy
from dunning.rules.outcomes import FOLLOWS
from dunning.services import calling, defaults, outcomes, round, workqueue
from dunning.services.outcomes import PromiseTerms
from dunning.vocabulary import Actor, CaseState, Disposition
from tests.factories import confirm_person, make_agent, make_creditor, make_manager, make_payment
from tests.factories.local_rules import WEEK, daily, make_overlay
from tests.stories.telling import Story, first_debtors
from tests.stories.test_forty_days import FIRST_DAY

pytestmark = pytest.mark.django_db

#: The hours of an office and of a late worker, and edges of what is allowed somewhere in Brazil.
MOMENTS = sorted([time(hour) for hour in range(7, 23)] + [time(8, 29, 59), time(8, 30), time(20, 59, 59)])
BEGINNINGS, ENDS = ("08:30", "09:00", "10:15"), ("17:00", "19:30", "21:00")
#: How a call ends, as often as each stands here.
ENDINGS = (
    *(Disposition.NO_ANSWER, Disposition.NO_ANSWER, Disposition.VOICEMAIL, Disposition.BUSY),
    *(Disposition.SPOKE, Disposition.PROMISE, Disposition.DISPUTE, Disposition.OPT_OUT),
    *(Disposition.WRONG_PERSON, Disposition.ALREADY_PAID),
)


@dataclass
class Month:
    """The house and its people, and what the dice made of them."""

    story: Story
    dice: Random
    creditor: Creditor
    managers: tuple[User, User]
    agent: User
    happened: Counter[str] = field(default_factory=Counter)

    def somebody(self) -> Debtor:
        return self.dice.choice(list(Debtor.objects.all()))

    def happen(self, now: datetime) -> None:
        """Let one thing happen, whichever the dice choose."""
        event = self.dice.choice(EVENTS)
        if event(self, now):
            self.happened[event.__name__] += 1


def hold(month: Month, now: datetime) -> bool:
    debtor, kind = month.somebody(), month.dice.choice(list(HoldKind))
    until = month.dice.choice([None, now + timedelta(days=month.dice.randint(1, 9))])
    holds.place(debtor=debtor, kind=kind, reason="x", by=None, now=now, until=until)
    return True


def lift(month: Month, now: datetime) -> bool:
    placed = list(Hold.objects.filter(active_until=None))
    if placed:
        holds.lift(month.dice.choice(placed), why="x", by=None, now=now)
    return bool(placed)


def opt_out(month: Month, now: datetime) -> bool:
    debtor = month.somebody()
    said: dict[str, Any] = month.dice.choice(
        [
            {"scope": OptOutScope.GLOBAL},
            {"scope": OptOutScope.CHANNEL, "channel": month.dice.choice(list(Channel))},
            {"scope": OptOutScope.POINT, "point": month.dice.choice(list(debtor.points.all()))},
        ]
    )
    consent.opt_out(debtor=debtor, source="x", by=None, now=now, **said)
    if said["scope"] == OptOutScope.GLOBAL:
        month.story.silent.add(debtor.pk)
    return True


def withdraw_opt_out(month: Month, now: datetime) -> bool:
    wishes = list(OptOut.objects.filter(active_until=None))
    if wishes:
        wish = month.dice.choice(wishes)
        consent.withdraw_opt_out(wish, source="x", by=None, now=now)
        month.story.silent.discard(wish.debtor_id)
    return bool(wishes)


def grant(month: Month, now: datetime) -> bool:
    consent.grant(debtor=month.somebody(), channel=Channel.WHATSAPP, source="x", by=None, now=now)
    return True


def pay(month: Month, now: datetime) -> bool:
    debtor = month.somebody()
    owed = debtor_queries.balance_with(
        debtor_id=debtor.pk, creditor_id=month.creditor.pk, on=timezone.localdate(now)
    ).total_cents
    if owed > 0:
        amount = month.dice.choice([owed, max(owed // 3, 1)])
        make_payment(debtor=debtor, creditor=month.creditor, amount_cents=amount, now=now)
    return owed > 0


def reverse(month: Month, now: datetime) -> bool:
    standing = Payment.objects.filter(entries__kind="payment", entries__reversal=None).distinct()
    paid = list(standing.filter(creditor=month.creditor))
    if paid:
        ledger.reverse_payment(month.dice.choice(paid), reason="x", now=now)
    return bool(paid)


def promise(month: Month, now: datetime) -> bool:
    debtor = month.somebody()
    if PromiseToPay.objects.filter(debtor=debtor, status="open").exists():
        return False
    owed = debtor_queries.balance_with(
        debtor_id=debtor.pk, creditor_id=month.creditor.pk, on=timezone.localdate(now)
    ).total_cents
    if owed > 0:
        promises.promise(
            debtor=debtor,
            creditor=month.creditor,
            amount_cents=max(owed // 2, 1),
            promised_on=timezone.localdate(now) + timedelta(days=month.dice.randint(0, 6)),
            made_to=None,
            now=now,
        )
    return owed > 0


def retire(month: Month, now: datetime) -> bool:
    phones = list(ContactPoint.objects.filter(medium=Medium.PHONE, status=PointStatus.NEW))
    point = month.dice.choice(phones)
    status = month.dice.choice([PointStatus.WRONG_NUMBER, PointStatus.DO_NOT_CONTACT])
    people.retire_everywhere(point.value, status=status, source="x", by=None, now=now)
    return True


def prefer(month: Month, now: datetime) -> bool:
    preferences.keep(
        debtor=month.somebody(),
        windows=daily(month.dice.choice(BEGINNINGS), month.dice.choice(ENDS)),
        unwanted_channels=month.dice.sample(list(Channel), month.dice.randint(0, 2)),
        source="x",
        by=None,
        now=now,
    )
    return True


def local_rule(month: Month, now: datetime) -> bool:
    made = list(Overlay.objects.filter(shipped_as=None, is_on=True))
    if len(made) > 3:
        overlays.switch(month.dice.choice(made), is_on=False, by=month.managers[0], reason="x", now=now)
        return True
    hours = daily(month.dice.choice(BEGINNINGS), month.dice.choice(ENDS))
    make_overlay(now=now, state=month.dice.choice(["SP", "RJ", "BA", "AM", "RS"]), windows=hours)
    return True


def another_policy(month: Month, now: datetime) -> bool:
    """Publish what the dice write, by one manager or by two."""
    dice, (first, second) = month.dice, month.managers
    terms = DEFAULT_POLICY | {
        "channels": dice.sample([channel.value for channel in Channel], dice.randint(3, 5)),
        "windows": {
            day: [[dice.choice(BEGINNINGS), dice.choice(ENDS)]] for day in WEEK if dice.random() < 0.9
        },
        "block_birthday": dice.random() < 0.8,
        "conversation_cooldown_hours": dice.choice([0, 24, 48]),
        "caps": DEFAULT_POLICY["caps"]
        | {"total": {"per_day": dice.randint(1, 3), "per_7_days": dice.randint(2, 6), "gap_minutes": 60}},
    }
    in_force = PolicyHead.objects.get().policy_id
    draft = policy_drafts.write(source=None, by=first, now=now)
    draft = policy_drafts.edit(draft.pk, terms=terms, note="x", revision=draft.revision, by=first, now=now)
    seen = {"revision": draft.revision, "seen_in_force": in_force}
    try:
        policy_drafts.publish(draft.pk, by=first, now=now, **seen)
    except policy.LoosensError:
        asked = policy_drafts.propose(draft.pk, by=first, now=now, **seen)
        policy_drafts.approve(asked.pk, by=second, now=now)
    return True


def pause(month: Month, now: datetime) -> bool:
    policy.pause(is_paused=not policy.is_paused(), by=month.managers[0], now=now)
    return True


EVENTS: tuple[Callable[[Month, datetime], bool], ...] = (
    *(hold, lift, lift, opt_out, withdraw_opt_out, grant, pay, pay, reverse, promise),
    *(retire, prefer, local_rule, another_policy, pause),
)


def call(month: Month, now: datetime) -> None:
    """Let the agent take the next case, dial the best number, and record what the dice say."""
    case = workqueue.take_next(agent=month.agent, now=now)
    if case is None:
        return
    fence = case.fence
    best = contact_queries.may_contact(
        debtor=case.debtor, channel=Channel.VOICE, now=now, creditor_id=case.creditor_id
    ).best.point
    try:
        placed = calling.dial(case, agent=month.agent, fence=fence, point=best, now=now)
    except (calls.NotAllowedError, calls.NotPlacedError):
        workqueue.give_back(case, agent=month.agent, fence=fence)
        return
    month.story.look(now)
    ending = month.dice.choice(ENDINGS)
    terms = PromiseTerms(1_000, timezone.localdate(now) + timedelta(days=3))
    confirm_person(case, now=now)
    try:
        outcomes.record(
            case=case,
            agent=month.agent,
            fence=fence,
            disposition=ending,
            now=now,
            promise=terms if FOLLOWS[ending].needs_promise else None,
        )
    except promises.PromiseRefusedError:
        ending = Disposition.SPOKE
        outcomes.record(case=case, agent=month.agent, fence=fence, disposition=ending, now=now)
    month.story.hear(placed, outcome=FOLLOWS[ending].contact_outcome)
    if FOLLOWS[ending].opts_out:
        month.story.silent.add(case.debtor_id)
    month.happened["call"] += 1


def moments(days: int) -> Iterator[datetime]:
    for day in range(days):
        for moment in MOMENTS:
            yield timezone.make_aware(datetime.combine(FIRST_DAY + timedelta(days=day), moment))


def count_rows() -> None:
    """Tell the planner how many rows there are, as a database at work finds out by itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def use_every_channel(now: datetime) -> None:
    """Let the ladder write by WhatsApp and by letter too, and give WhatsApp's texts their names."""
    for number, text in enumerate(Template.objects.filter(channel=Channel.WHATSAPP)):
        if number % 2:
            ProviderText.objects.create(template=text, content_sid=f"HX{number:032x}")
    written = {Channel.WHATSAPP: (6, 11, 21, 36), Channel.LETTER: (30, 46, 61)}
    for channel, days in written.items():
        for offset_days in days:
            Step.objects.create(
                strategy=Strategy.objects.get(),
                offset_days=offset_days,
                channel=channel,
                actor=Actor.SYSTEM,
                template_key="last_letter" if channel == Channel.LETTER else "second_notice",
                title="x",
            )


def open_house(debtors: int, *, sandbox, seed: int, now: datetime) -> Month:
    creditor = make_creditor()
    policy.ship_default(now=now)
    overlays.ship(now=now)
    defaults.ship()
    use_every_channel(now)
    importing.import_at_once(
        first_debtors(debtors),
        file_name="sample.csv",
        creditor=creditor,
        portfolio_name="Geral",
        only_good=False,
        now=now,
    )
    for debtor in Debtor.objects.order_by("pk")[::3]:
        consent.grant(debtor=debtor, channel=Channel.WHATSAPP, source="x", by=None, now=now)
    agent = make_agent(portfolios=Portfolio.objects.all())
    return Month(Story(sandbox), Random(seed), creditor, (make_manager(), make_manager()), agent)


@pytest.mark.parametrize(
    ("days", "debtors", "seed"), [(5, 25, 1), pytest.param(30, 2_000, 2, marks=pytest.mark.full)]
)
def test_nothing_leaves_that_is_forbidden_at_its_instant_whatever_changes(
    days, debtors, seed, sandbox, settings
):
    settings.CHANNELS = dict.fromkeys([channel.value for channel in Channel], "sandbox")
    month = open_house(debtors, sandbox=sandbox, seed=seed, now=next(moments(1)))
    story = month.story

    for turn, now in enumerate(moments(days)):
        if turn % len(MOMENTS) in (0, 6):
            promises.settle_due(now=now)
            round.go(now=now)
            count_rows()
        for _ in range(month.dice.randint(0, max(2, debtors // 200))):
            month.happen(now)
        dispatch.pump(clock=lambda now=now: now)
        story.look(now)
        for _ in range(max(1, debtors // 100)):
            call(month, now)

    left = [json.loads(line) for line in sandbox.read_text().splitlines()]
    assert story.refused == []
    assert story.disturbed == []
    assert set(story.wanted.values()) == {1}
    assert {each["channel"] for each in left} == {channel.value for channel in Channel}
    assert set(month.happened) == {event.__name__ for event in EVENTS} | {"call"}
    assert ContactPolicy.objects.filter(state="published").count() > 2
    assert not Contact.objects.filter(state__in=[ContactState.SENDING, ContactState.CLAIMED]).exists()
    assert Case.objects.exclude(state=CaseState.CLOSED).exists()
