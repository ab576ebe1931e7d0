"""Two days of messages under local rules and wishes that come and go: none leaves that one of them forbids.

Who is bound by what, and when, is written down by the story itself, literally, and judged from the
sandbox's file: neither the narrowing nor the choice of rules is asked.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from contacts.models import Attempt, Contact, Overlay
from contacts.services import defaults, dispatch, outbox, overlays, preferences
from contacts.vocabulary import Channel
from debtors.models import Creditor, Debtor, Segment
from tests.factories import (
    house_portfolio,
    make_address,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_template,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)  # 7:00 in São Paulo
STEP = timedelta(minutes=30)
DAYS, DEBTORS = 2, 20
OFFSET = timedelta(hours=-3)  # of every place in this story

Hours = tuple[int, int]


@dataclass
class Bound:
    """What this debtor may expect: from when until when, by channel, hours outside which nobody writes."""

    since: datetime
    channels: frozenset[str]
    hours: Hours
    until: datetime | None = None

    def binds(self, contact: Contact) -> bool:
        at = contact.started_at
        return contact.channel in self.channels and self.since <= at and (not self.until or at < self.until)

    def allows(self, contact: Contact) -> bool:
        return self.hours[0] <= (contact.started_at + OFFSET).hour < self.hours[1]


@dataclass
class Story:
    """The debtors, and every rule that binds each of them, as the story decreed it."""

    creditor: Creditor
    bound: dict[int, list[Bound]] = field(default_factory=dict)

    def bind(self, who: Callable[[Debtor], bool], bound: Bound) -> None:
        for debtor in Debtor.objects.prefetch_related("points"):
            if who(debtor):
                self.bound.setdefault(debtor.pk, []).append(bound)


BOTH, ONLY_SMS = frozenset({"sms", "email"}), frozenset({"sms"})
#: What is known of where somebody lives: area codes of his numbers, and the state of his address.
HOMES = (
    (("11",), ""),
    (("21",), ""),
    (("11", "21"), ""),
    (("11",), "RJ"),
    (("21",), "SP"),
    (("47",), ""),  # given out in Santa Catarina and in Paraná
    ((), "PR"),
    ((), ""),
)


def lives_perhaps_in(state: str) -> Callable[[Debtor], bool]:
    states = {"11": {"SP"}, "21": {"RJ"}, "47": {"SC", "PR"}}

    def answer(debtor: Debtor) -> bool:
        points = debtor.points.all()
        homes = {point.state for point in points if point.medium == "address"}
        codes = {point.value[3:5] for point in points if point.medium == "phone"}
        possible = homes or {each for code in codes for each in states[code]}
        return state in possible or not possible

    return answer


def people(creditor: Creditor) -> None:
    """Let as many live in each kind of home, each owing the creditor."""
    for number in range(DEBTORS):
        codes, state = HOMES[number % len(HOMES)]
        debtor = make_debtor(phone=None, confirmed_time_zone="America/Sao_Paulo")
        for place, code in enumerate(codes):
            make_phone(debtor=debtor, number=f"+55{code}9{80_000_000 + number * 10 + place}")
        if state:
            make_address(debtor=debtor, street=f"Rua {number}", city="Centro", state=state)
        make_debt(debtor=debtor, portfolio=house_portfolio(creditor=creditor))


def moments() -> Iterator[datetime]:
    for day in range(DAYS):
        yield from (MONDAY + timedelta(days=day) + STEP * step for step in range(30))


def want_more(creditor: Creditor, *, now: datetime) -> None:
    """Want an SMS and an e-mail of everybody, at once."""
    texts = {channel: make_template(channel=channel) for channel in (Channel.SMS, Channel.EMAIL)}
    outbox.want_many(
        [
            Contact(
                wanted_by=f"story:{debtor.pk}:{channel}:{now.isoformat()}",
                debtor=debtor,
                creditor=creditor,
                channel=channel,
                template=text,
                not_before=now,
                expires_at=now + timedelta(hours=20),
                created_at=now,
            )
            for debtor in Debtor.objects.all()
            for channel, text in texts.items()
        ]
    )


def test_no_message_leaves_that_a_rule_or_a_wish_forbids_at_its_instant(sandbox: Path):
    make_policy(now=MONDAY, windows=daily("08:00", "21:00"))
    creditor, other, manager = make_creditor(), make_creditor(), make_manager()
    people(creditor)
    story, dice = Story(creditor), Random(7)
    defaults.ship(now=MONDAY)
    flooded = Segment.objects.create(name="Enchente")
    decree = make_overlay(
        now=MONDAY, state="RJ", channels=(Channel.SMS,), windows=daily("10:00", "16:00"), is_law=True
    )
    story.bind(lives_perhaps_in("RJ"), in_rio := Bound(MONDAY, ONLY_SMS, (10, 16)))
    make_overlay(now=MONDAY, state="PR", windows=daily("09:00", "18:00"))
    story.bind(lives_perhaps_in("PR"), Bound(MONDAY, BOTH, (9, 18)))
    make_overlay(now=MONDAY, creditor=other, paused=True)
    make_overlay(now=MONDAY, segment=flooded, windows=daily("12:00", "14:00"))

    for turn, now in enumerate(moments()):
        if turn % 10 == 0:
            want_more(creditor, now=now)
        if turn % 7 == 3:  # somebody is flooded, somebody says when he would rather be written to
            member, wisher = dice.sample(list(Debtor.objects.all()), 2)
            overlays.join(flooded, debtors=[member.pk], now=now)
            story.bind(lambda each, pk=member.pk: each.pk == pk, Bound(now, BOTH, (12, 14)))
            preferences.keep(
                debtor=wisher,
                windows=daily("15:00", "20:00"),
                unwanted_channels=[],
                source="ao telefone",
                by=None,
                now=now,
            )
            story.bind(lambda each, pk=wisher.pk: each.pk == pk, Bound(now, BOTH, (15, 20)))
        if turn == 24:
            overlays.switch(decree, is_on=False, by=manager, reason="revogada", now=now)
            in_rio.until = now
        if turn == 40:
            make_overlay(now=now, state="SP", windows=daily("11:00", "17:00"))
            story.bind(lives_perhaps_in("SP"), Bound(now, BOTH, (11, 17)))
        dispatch.pump(clock=lambda now=now: now)

    left = [json.loads(line) for line in sandbox.read_text().splitlines()]
    of_attempts = Attempt.objects.select_related("contact").in_bulk([each["attempt_id"] for each in left])
    judged = Counter(_verdict(story, attempt.contact) for attempt in of_attempts.values())
    assert sum(judged.values()) == len(left)
    assert judged["forbidden"] == 0
    assert judged["bound"] > 60  # it was a story, not a silence
    assert judged["free"] > 10
    assert Overlay.objects.filter(is_on=True).count() == 3 + 4  # the shipped ones, and ours but the decree


def _verdict(story: Story, contact: Contact) -> str:
    binding = [each for each in story.bound.get(contact.debtor_id, []) if each.binds(contact)]
    if not all(each.allows(contact) for each in binding):
        return "forbidden"
    return "bound" if binding else "free"
