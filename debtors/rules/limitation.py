"""From which day a debt is prescribed: asked for no more, neither in court nor by a message.

The terms below are leads with their source, not advice: how sure each is stands beside it, and
counsel should confirm those that say so. Where courts disagree, the shorter term is kept.
Source of the effect: STJ, REsp 2.088.100/SP (2023) and REsp 2.104.168 (2024); Tema 1.264 is pending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from debtors.vocabulary import Instrument

WARNING_DAYS = 90


class DebtKind(StrEnum):
    """What a debt is, as far as its limitation goes."""

    WRITTEN = "written"
    CARD = "card"
    CONDOMINIUM = "condominium"
    RENT = "rent"
    CHEQUE = "cheque"
    PROMISSORY_NOTE = "promissory_note"
    TRADE_BILL = "trade_bill"
    SCHOOL = "school"
    PROFESSIONAL_FEE = "professional_fee"
    LODGING = "lodging"
    INSURANCE = "insurance"
    OTHER = "other"


class Certainty(StrEnum):
    """How sure a term is: the law's own text, a thesis of the STJ told by others, or to be confirmed."""

    TEXT = "text"
    COURT = "court"
    TO_CONFIRM = "to_confirm"


@dataclass(frozen=True, slots=True)
class Term:
    """After how many years a kind of debt is prescribed, and where that stands; None when nobody knows."""

    years: int | None
    source: str
    certainty: Certainty


TERMS: Mapping[DebtKind, Term] = {
    DebtKind.WRITTEN: Term(5, "Civil Code, art. 206 §5 I: certain debts in a document", Certainty.TEXT),
    DebtKind.CARD: Term(5, "Civil Code, art. 206 §5 I", Certainty.TO_CONFIRM),
    DebtKind.CONDOMINIUM: Term(5, "STJ, Tema 949 (REsp 1.483.930)", Certainty.COURT),
    DebtKind.RENT: Term(3, "Civil Code, art. 206 §3 I", Certainty.TEXT),
    DebtKind.CHEQUE: Term(
        5, "STJ, Súmula 503, from the day of issue; execution: Law 7.357/1985, art. 59", Certainty.COURT
    ),
    DebtKind.PROMISSORY_NOTE: Term(5, "STJ, Súmula 504, from the due date", Certainty.COURT),
    DebtKind.TRADE_BILL: Term(
        3, "Law 5.474/1968, art. 18 I; the sale behind it: 5 years", Certainty.TO_CONFIRM
    ),
    DebtKind.SCHOOL: Term(5, "Civil Code, art. 206 §5 I", Certainty.TO_CONFIRM),
    DebtKind.PROFESSIONAL_FEE: Term(5, "Civil Code, art. 206 §5 II", Certainty.TO_CONFIRM),
    DebtKind.LODGING: Term(1, "Civil Code, art. 206 §1 I", Certainty.TO_CONFIRM),
    DebtKind.INSURANCE: Term(1, "Civil Code, art. 206 §1 II", Certainty.TO_CONFIRM),
    DebtKind.OTHER: Term(None, "", Certainty.TO_CONFIRM),
}

#: What is presumed of a debt of which only the instrument is known.
KIND_OF_INSTRUMENT: Mapping[Instrument, DebtKind] = {
    Instrument.BOLETO: DebtKind.WRITTEN,
    Instrument.CONTRACT: DebtKind.WRITTEN,
    Instrument.CARD: DebtKind.CARD,
    Instrument.CHEQUE: DebtKind.CHEQUE,
    Instrument.OTHER: DebtKind.OTHER,
}


class Cause(StrEnum):
    """What can interrupt a limitation. Source: Civil Code, art. 202, I to VI."""

    COURT_SUMMONS = "court_summons"
    COURT_PROTEST = "court_protest"
    NOTARY_PROTEST = "notary_protest"
    CLAIM_IN_INSOLVENCY = "claim_in_insolvency"
    COURT_DEFAULT = "court_default"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Interruption:
    """Something that begins a limitation anew: on `on`, or with the last act of a lawsuit, `restarts_on`."""

    on: date
    cause: Cause
    restarts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limitation:
    """Since when the limitation of one due date runs, and the last day on which it may be asked for."""

    starts_on: date
    last_on: date
    interrupted_by: Interruption | None = None

    @property
    def prescribed_from(self) -> date:
        """The first day on which nothing may be asked for any more."""
        return self.last_on + timedelta(days=1)


class Standing(StrEnum):
    """How far a limitation is on a day."""

    RUNNING = "running"
    ENDING = "ending"
    PRESCRIBED = "prescribed"


def limitation(
    *, due_on: date, kind: DebtKind, interruptions: Iterable[Interruption] = ()
) -> Limitation | None:
    """Return the limitation of what fell due on `due_on` (a cheque: was issued); None for an unknown kind.

    Only the first interruption counts, and only one that came while the limitation still ran: what
    is prescribed does not revive, and no second deal prolongs it again.

    Source: Civil Code, arts. 132 §3 (years end on the day of the same number), 189, 202.
    """
    years = TERMS[kind].years
    if years is None:
        return None
    last_on = add_years(due_on, years)
    in_time = [each for each in interruptions if due_on < each.on <= last_on]
    if not in_time:
        return Limitation(due_on, last_on)
    first = min(in_time, key=lambda each: each.on)
    starts_on = max(first.on, first.restarts_on or first.on)
    return Limitation(starts_on, add_years(starts_on, years), first)


def of_debt(
    *, due_dates: Iterable[date], kind: DebtKind, interruptions: Iterable[Interruption] = ()
) -> list[tuple[date, Limitation]]:
    """Return the limitation of each due date of a debt, in their order; none for an unknown kind.

    Each installment is prescribed on its own: the debt as a whole is when its last one is.
    """
    every = list(interruptions)
    found = (
        (due_on, limitation(due_on=due_on, kind=kind, interruptions=every)) for due_on in sorted(due_dates)
    )
    return [(due_on, each) for due_on, each in found if each]


def standing(running: Limitation, *, on: date, warning_days: int = WARNING_DAYS) -> Standing:
    """Return whether the limitation still runs on `on`, ends within `warning_days`, or is over."""
    if on > running.last_on:
        return Standing.PRESCRIBED
    is_near = on > running.last_on - timedelta(days=warning_days)
    return Standing.ENDING if is_near else Standing.RUNNING


def add_years(day: date, years: int) -> date:
    """Return the day of the same number so many years later; after 29 February, 1 March of a common year.

    Source: Civil Code, art. 132 §3.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
