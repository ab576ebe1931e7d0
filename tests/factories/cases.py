"""Ladders and cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contacts.vocabulary import Channel
from debtors.models import Creditor, Debtor, Portfolio
from dunning.models import Case, Step, Strategy
from dunning.vocabulary import Actor, CaseState
from tests.factories.debtors import house_creditor, house_portfolio, make_debt, make_debtor

#: A short ladder: (days from the due date, who, channel, template key).
SHORT_LADDER: tuple[tuple[int, Actor, Channel, str], ...] = (
    (-3, Actor.SYSTEM, Channel.EMAIL, "due_soon"),
    (5, Actor.SYSTEM, Channel.EMAIL, "first_notice"),
    (10, Actor.SYSTEM, Channel.SMS, "second_notice"),
    (15, Actor.AGENT, Channel.VOICE, ""),
)


def make_strategy(
    *,
    steps: Sequence[tuple[int, Actor, Channel, str]] = SHORT_LADDER,
    creditor: Creditor | None = None,
    minimum_gap_days: int = 2,
    first_delay_grace_days: int = 5,
    fallback_channel: Channel | str = "",
) -> Strategy:
    """Return an active ladder; an active one for the same creditor is put out of use."""
    Strategy.objects.filter(creditor=creditor, is_active=True).update(is_active=False)
    strategy = Strategy.objects.create(
        name="Régua de teste",
        creditor=creditor,
        minimum_gap_days=minimum_gap_days,
        first_delay_grace_days=first_delay_grace_days,
    )
    for offset_days, actor, channel, template_key in steps:
        make_step(
            strategy=strategy,
            offset_days=offset_days,
            actor=actor,
            channel=channel,
            template_key=template_key,
            fallback_channel=fallback_channel,
        )
    return strategy


def make_step(
    *,
    strategy: Strategy,
    offset_days: int,
    actor: Actor = Actor.SYSTEM,
    channel: Channel = Channel.SMS,
    template_key: str = "first_notice",
    fallback_channel: Channel | str = "",
) -> Step:
    """Return one rung of a ladder."""
    return Step.objects.create(
        strategy=strategy,
        offset_days=offset_days,
        actor=actor,
        channel=channel,
        fallback_channel=fallback_channel,
        template_key=template_key if actor == Actor.SYSTEM else "",
        title=f"Passo {offset_days:+d}",
    )


def make_case(
    *,
    now: datetime,
    urgency: int = 50,
    debtor: Debtor | None = None,
    creditor: Creditor | None = None,
    portfolio: Portfolio | None = None,
    strategy: Strategy | None = None,
    days_late: int = 20,
    amount_cents: int = 10_000,
    state: CaseState = CaseState.OPEN,
    is_callable: bool = True,
    with_debt: bool = True,
) -> Case:
    """Return an open case with one late debt, ready for an agent since a minute ago."""
    owner = portfolio.creditor if portfolio else creditor or house_creditor()
    home = portfolio or house_portfolio(creditor=owner)
    who = debtor or make_debtor()
    due_on = now.date() - timedelta(days=days_late)
    if with_debt:
        make_debt(debtor=who, portfolio=home, installments=[(due_on, amount_cents)])
    return Case.objects.create(
        debtor=who,
        creditor=owner,
        portfolio=home,
        strategy=strategy or Strategy.objects.filter(is_active=True).first() or make_strategy(),
        state=state,
        anchor_on=due_on,
        urgency=urgency,
        callable_from=now - timedelta(minutes=1) if is_callable else None,
        next_plan_on=None if is_callable else now.date(),
        opened_at=now - timedelta(days=1),
    )
