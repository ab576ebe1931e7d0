"""Steps beyond asking: credit bureau, notary, lawyer, agency. Each is guarded, none happens by itself.

A step is decided from facts alone, and every objection is told, each with the day on which it ends
when it ends by time. Who may approve, how long to wait and from how much on are the creditor's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from debtors.rules import authority, escalation_dates
from debtors.rules.authority import Approval, Authority
from debtors.vocabulary import Instrument


class Step(StrEnum):
    """What can be done beyond asking."""

    BUREAU_NOTICE = "bureau_notice"
    BUREAU_LISTING = "bureau_listing"
    NOTARY_PROTEST = "notary_protest"
    EXTERNAL_AGENCY = "external_agency"
    LEGAL_HANDOVER = "legal_handover"


#: What must have been announced before, and to whose proof of delivery a step looks.
ANNOUNCED_BY: Mapping[Step, Step] = {Step.BUREAU_LISTING: Step.BUREAU_NOTICE}


@dataclass(frozen=True, slots=True)
class StepTerms:
    """What a creditor asks for before a step. `notice_days` None: nothing needs to be announced."""

    min_days_late: int
    min_cents: int
    approval: Authority
    notice_days: int | None = None
    needs_exhausted_ladder: bool = False
    instruments: frozenset[Instrument] | None = None


#: Ours to begin with; each creditor may set others. The wait before a listing is the bureaus' practice.
DEFAULT_TERMS: Mapping[Step, StepTerms] = {
    Step.BUREAU_NOTICE: StepTerms(30, 5_000, Authority.SUPERVISOR),
    Step.BUREAU_LISTING: StepTerms(
        40, 5_000, Authority.MANAGER, notice_days=escalation_dates.BUREAU_WAIT_DAYS
    ),
    Step.NOTARY_PROTEST: StepTerms(
        60,
        20_000,
        Authority.MANAGER,
        notice_days=10,
        instruments=frozenset({Instrument.BOLETO, Instrument.CONTRACT, Instrument.CHEQUE}),
    ),
    Step.EXTERNAL_AGENCY: StepTerms(
        120, 20_000, Authority.MANAGER, notice_days=10, needs_exhausted_ladder=True
    ),
    Step.LEGAL_HANDOVER: StepTerms(
        180, 100_000, Authority.MANAGER, notice_days=10, needs_exhausted_ladder=True
    ),
}
APPROVAL_VALID_DAYS = 30


def of_creditor(
    step: Step, *, min_days_late: int, min_cents: int, notice_days: int | None, approval: Authority
) -> StepTerms:
    """Return the terms that a creditor sets for a step: what guards the debtor is never less than ours.

    That is the wait after a notice (None: ours), a second person's approval, the exhausted ladder and
    the instruments.
    """
    ours = DEFAULT_TERMS[step]
    wait = None if ours.notice_days is None else max(ours.notice_days, notice_days or 0)
    return replace(
        ours,
        min_days_late=max(min_days_late, 1),
        min_cents=min_cents,
        notice_days=wait,
        approval=max(approval, Authority.SUPERVISOR),
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement to the debtor; only a proven delivery sets its wait running."""

    sent_on: date
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a debt on the day. Days in the past or None; `until` days are still to come."""

    owed_cents: int
    oldest_due_on: date | None
    instrument: Instrument = Instrument.BOLETO
    prescribed_from: date | None = None
    is_disputed: bool = False
    is_held: bool = False
    has_agreement: bool = False
    promised_until: date | None = None
    in_transit_until: date | None = None
    has_proof: bool = False
    is_debtor_identified: bool = False
    is_ladder_exhausted: bool = False
    notices: Mapping[Step, Notice] = field(default_factory=dict)
    approvals: Mapping[Step, Approval] = field(default_factory=dict)
    done: frozenset[Step] = frozenset()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a step may not be taken; `until` is the first day on which this one is gone by itself."""

    code: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer about a step, with everything that stands in its way."""

    obstacles: tuple[Obstacle, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the step may be taken today."""
        return not self.obstacles

    @property
    def earliest_on(self) -> date | None:
        """The day from which nothing stands in the way, when time alone clears it; None otherwise."""
        days = [obstacle.until for obstacle in self.obstacles if obstacle.until]
        return max(days, default=None) if len(days) == len(self.obstacles) else None


def decide(step: Step, *, facts: Facts, terms: StepTerms, on: date) -> Decision:
    """Return whether `step` may be taken on `on`, and every obstacle when not."""
    found = (guard(step, facts, terms, on) for guard in GUARDS)
    return Decision(tuple(obstacle for obstacle in found if obstacle))


def _already_done(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    return Obstacle("already_done") if step in facts.done else None


def _nothing_late(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    """Object until the debt has been late for long enough."""
    if facts.owed_cents <= 0 or facts.oldest_due_on is None:
        return Obstacle("nothing_owed")
    late_enough = facts.oldest_due_on + timedelta(days=terms.min_days_late)
    return Obstacle("not_late_enough", late_enough) if on < late_enough else None


def _too_little(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    return Obstacle("too_little") if 0 < facts.owed_cents < terms.min_cents else None


def _questioned(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    if facts.is_disputed:
        return Obstacle("disputed")
    return Obstacle("held") if facts.is_held else None


def _prescribed(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    if facts.prescribed_from and on >= facts.prescribed_from:
        return Obstacle("prescribed")
    return None


def _settling(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    """Object while the debtor keeps an agreement or a promise, or his money is under way."""
    if facts.has_agreement:
        return Obstacle("agreement_active")
    waits = {"promise_open": facts.promised_until, "money_in_transit": facts.in_transit_until}
    running = {code: last for code, last in waits.items() if last and on <= last}
    if not running:
        return None
    code = max(running, key=lambda each: running[each])
    return Obstacle(code, running[code] + timedelta(days=1))


def _unproven(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    if not facts.has_proof:
        return Obstacle("no_proof_of_debt")
    return None if facts.is_debtor_identified else Obstacle("debtor_not_identified")


def _wrong_instrument(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    if terms.instruments is not None and facts.instrument not in terms.instruments:
        return Obstacle("wrong_instrument")
    return None


def _too_old_for_bureau(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    """Object to what would stand in a bureau for longer than five years from its due date."""
    if step not in (Step.BUREAU_NOTICE, Step.BUREAU_LISTING) or facts.oldest_due_on is None:
        return None
    is_over = on > escalation_dates.last_day_in_bureau(facts.oldest_due_on)
    return Obstacle("too_old_for_bureau") if is_over else None


def _not_announced(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    """Object until the announcement is proven to have arrived, and its wait is over."""
    if terms.notice_days is None:
        return None
    notice = facts.notices.get(ANNOUNCED_BY.get(step, step))
    if notice is None:
        return Obstacle("not_announced")
    if notice.delivered_on is None:
        return Obstacle("delivery_not_proven")
    first = notice.delivered_on + timedelta(days=terms.notice_days)
    return Obstacle("announced_too_recently", first) if on < first else None


def _asking_not_over(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    if terms.needs_exhausted_ladder and not facts.is_ladder_exhausted:
        return Obstacle("ladder_not_exhausted")
    return None


def _not_approved(step: Step, facts: Facts, terms: StepTerms, on: date) -> Obstacle | None:
    refusal = authority.refusal(
        facts.approvals.get(step), needed=terms.approval, on=on, valid_days=APPROVAL_VALID_DAYS
    )
    return Obstacle(refusal) if refusal else None


#: Every guard is asked about every step, in the order in which a person would want to be told.
GUARDS: tuple[Callable[[Step, Facts, StepTerms, date], Obstacle | None], ...] = (
    _already_done,
    _nothing_late,
    _prescribed,
    _questioned,
    _settling,
    _too_little,
    _too_old_for_bureau,
    _wrong_instrument,
    _unproven,
    _asking_not_over,
    _not_announced,
    _not_approved,
)


@dataclass(frozen=True, slots=True)
class Removal:
    """Why a listing must go, and by when."""

    reason: str
    due_by: date


def removal(
    *,
    facts: Facts,
    paid_on: date | None = None,
    agreement_paid_on: date | None = None,
    dispute_upheld_on: date | None = None,
) -> Removal | None:
    """Return why a listed debt must leave the bureau, and the last day for it; the earliest reason counts.

    `paid_on` is the day on which money for all of it was available, `agreement_paid_on` that of an
    agreement's first installment. An upheld dispute leaves no time. Any listing ends five years
    after the due date, and when the debt is prescribed. None when not even the due date is known.

    Source: STJ, Súmulas 323 and 548, REsp 1.424.792/BA; Consumer Code, art. 43 §§1, 3 and 5;
    Procon-GO for agreements.
    """
    found = []
    if dispute_upheld_on:
        found.append(Removal("dispute_upheld", dispute_upheld_on))
    if paid_on:
        found.append(Removal("paid", escalation_dates.removal_due_by(paid_on)))
    if agreement_paid_on:
        found.append(Removal("agreement_paid", escalation_dates.removal_due_by(agreement_paid_on)))
    if facts.oldest_due_on:
        found.append(Removal("five_years", escalation_dates.last_day_in_bureau(facts.oldest_due_on)))
    if facts.prescribed_from:
        found.append(Removal("prescribed", facts.prescribed_from - timedelta(days=1)))
    return min(found, key=lambda each: each.due_by, default=None)
