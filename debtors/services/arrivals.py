"""The only writer of money that arrived: told once, matched by itself or by a person, or sent back."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from debtors.models import Arrival, BankFile, Creditor, Debt, Debtor, MoneyInTransit, User
from debtors.rules.cnab_occurrences import Meaning
from debtors.services import ledger
from debtors.services.import_plans import chunks
from debtors.vocabulary import ArrivalState, PaymentMethod, PaymentSource

#: What went back: never a payment, whatever amount it names.
GONE_BACK = frozenset({"refund", Meaning.CHEQUE_RETURNED.value, Meaning.REVERSED.value})
KNOWN = "known"  # beside the states: told before with the same content


class AlreadyDecidedError(Exception):
    """The money was matched or sent back before."""


class NotTheirsError(Exception):
    """The debtor has no debt with the creditor whose money it is, or it is no money at all."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a source says of one movement of money. `is_doubtful`: a person must look before it counts.

    `slip_number` is what the slip is called here, where the bank tells its number otherwise.
    """

    source: PaymentSource
    external_id: str
    amount_cents: int
    paid_on: date
    method: PaymentMethod
    meaning: str
    payer_tax_id: str = ""
    our_number: str = ""
    slip_number: str = ""
    document: str = ""
    company_ref: str = ""
    line: int = 0
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A movement with what would become of it, and with whose it is where that is certain."""

    told: Told
    fate: str
    debtor: Debtor | None = None
    debt: Debt | None = None
    number: str = ""


def look_up(told: Sequence[Told], *, creditor: Creditor, on: date) -> list[Seen]:
    """Return what would become of each movement: `known`, or a state of `ArrivalState`; writes nothing.

    Money is the debtor's whose slip or charge has its number, else of the contract that the file names
    as document or reference, else of who paid, if he owes this creditor. All else waits for a person.
    """
    known = _known(told)
    transits, debts = _transits(told, creditor=creditor), _debts(told, creditor=creditor)
    payers = _payers(told, creditor=creditor)
    seen = []
    for each in told:
        before = known.get((each.source, each.external_id))
        if before is not None:
            is_same = before == _fingerprint(each, creditor)
            seen.append(Seen(each, KNOWN if is_same else ArrivalState.CONFLICT))
            continue
        issued = transits.get(each.our_number) or transits.get(each.slip_number)
        debt = issued.debt if issued else debts.get(each.company_ref) or debts.get(each.document)
        debtor = issued.debtor if issued else debt.debtor if debt else payers.get(each.payer_tax_id)
        is_clear = debtor and not each.is_doubtful and each.amount_cents > 0 and each.paid_on <= on
        fate = ArrivalState.MATCHED if is_clear else ArrivalState.WAITING
        number = issued.number if issued else each.our_number
        seen.append(Seen(each, fate, debtor if is_clear else None, debt if is_clear else None, number))
    return seen


def take_in(
    told: Sequence[Told], *, creditor: Creditor, file: BankFile | None, now: datetime
) -> Counter[str]:
    """Keep the movements and record those that are certain, all in one transaction; count their fates.

    The same again changes nothing; the same number with other content is kept as a conflict, once.
    """
    fates: Counter[str] = Counter()
    new: list[tuple[Arrival, Seen]] = []
    with transaction.atomic():
        seen = look_up(told, creditor=creditor, on=timezone.localdate(now))
        debtors = sorted({each.debtor.pk for each in seen if each.debtor})
        list(Debtor.objects.select_for_update().filter(pk__in=debtors).order_by("pk"))
        for each in sorted(seen, key=lambda each: each.told.external_id):  # two files meet in one order
            arrival, fate = _keep(each.told, creditor=creditor, file=file, now=now)
            if fate == ArrivalState.WAITING and each.debtor:
                new.append((arrival, each))
            else:
                fates[fate] += 1
        for arrival, each in sorted(new, key=lambda pair: pair[1].told.paid_on):
            fate = _book(arrival, debtor=each.debtor, debt=each.debt, number=each.number, by=None, now=now)
            fates[fate] += 1
    return fates


def match(arrival: Arrival, *, debtor: Debtor, debt: Debt | None, by: User, now: datetime) -> None:
    """Record waiting money as a payment of the debtor, first on `debt` where one is named.

    Raises AlreadyDecidedError, and NotTheirsError when the debtor owes this creditor nothing.
    """
    owed = Debt.objects.filter(debtor=debtor, creditor=arrival.creditor_id)
    is_theirs = owed.exists() and (debt is None or debt in owed)
    if not (is_theirs and is_money(arrival) and arrival.paid_on <= timezone.localdate(now)):
        raise NotTheirsError(str(arrival.pk))
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        _book(_waiting(arrival), debtor=debtor, debt=debt, by=by, now=now)


def is_money(arrival: Arrival) -> bool:
    """Return whether it can be anybody's payment: it came in, and did not go back."""
    return arrival.amount_cents > 0 and arrival.meaning not in GONE_BACK


def send_back(arrival: Arrival, *, reason: str, by: User, now: datetime) -> None:
    """Note that waiting money, or a conflict, is none of ours, and why. Raises AlreadyDecidedError."""
    with transaction.atomic():
        mine = _waiting(arrival)
        mine.state, mine.reason = ArrivalState.SENT_BACK, reason
        mine.decided_at, mine.decided_by = now, by
        mine.save()


def _waiting(arrival: Arrival) -> Arrival:
    mine = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if mine.state not in (ArrivalState.WAITING, ArrivalState.CONFLICT):
        raise AlreadyDecidedError(str(arrival.pk))
    return mine


def _keep(
    told: Told, *, creditor: Creditor, file: BankFile | None, now: datetime, conflict: str = ""
) -> tuple[Arrival, str]:
    """Keep one movement under its number; return it with its fate, `waiting` for one that is new."""
    fingerprint = _fingerprint(told, creditor)
    arrival, is_new = Arrival.objects.get_or_create(
        source=told.source,
        external_id=told.external_id + conflict,
        defaults={
            "creditor": creditor, "fingerprint": fingerprint, "amount_cents": told.amount_cents,
            "paid_on": told.paid_on, "method": told.method, "meaning": told.meaning,
            "payer_tax_id": told.payer_tax_id, "our_number": told.our_number, "document": told.document,
            "company_ref": told.company_ref, "file": file, "line": told.line, "arrived_at": now,
            "state": ArrivalState.CONFLICT if conflict else ArrivalState.WAITING,
        },
    )  # fmt: skip
    if conflict:
        return arrival, ArrivalState.CONFLICT
    if is_new:
        return arrival, ArrivalState.WAITING
    if arrival.fingerprint == fingerprint:
        return arrival, KNOWN
    return _keep(told, creditor=creditor, file=file, now=now, conflict=f"#{fingerprint[:16]}")


def _book(
    arrival: Arrival,
    *,
    debtor: Debtor | None,
    debt: Debt | None,
    by: User | None,
    now: datetime,
    number: str = "",
) -> str:
    """Record the payment of money whose debtor is known; return the state it has now."""
    if debtor is None:
        return arrival.state
    try:
        payment = ledger.record_payment(
            debtor=debtor,
            creditor=arrival.creditor,
            amount_cents=arrival.amount_cents,
            paid_on=arrival.paid_on,
            method=PaymentMethod(arrival.method),
            source=PaymentSource(arrival.source),
            external_id=arrival.external_id,
            recorded_by=by,
            now=now,
            debt=debt,
            number=number or arrival.our_number,
        )
    except ledger.PaymentConflictError:
        arrival.state = ArrivalState.CONFLICT
    else:
        arrival.state, arrival.payment = ArrivalState.MATCHED, payment
        arrival.decided_at, arrival.decided_by = now, by
    arrival.save()
    return arrival.state


def _fingerprint(told: Told, creditor: Creditor) -> str:
    parts = (
        creditor.tax_id,
        str(told.amount_cents),
        told.paid_on.isoformat(),
        told.meaning,
        told.payer_tax_id,
    )
    return hashlib.sha256("|".join([*parts, told.our_number, told.document]).encode()).hexdigest()


def _known(told: Iterable[Told]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for keys in chunks(dict.fromkeys(each.external_id for each in told)):
        rows = Arrival.objects.order_by().filter(external_id__in=keys)
        found |= {row[:2]: row[2] for row in rows.values_list("source", "external_id", "fingerprint")}
    return found


def _transits(told: Iterable[Told], *, creditor: Creditor) -> dict[str, MoneyInTransit]:
    found: dict[str, MoneyInTransit] = {}
    names = dict.fromkeys(name for each in told for name in (each.our_number, each.slip_number) if name)
    for numbers in chunks(names):
        rows = MoneyInTransit.objects.filter(creditor=creditor, number__in=numbers)
        found |= {each.number: each for each in rows.select_related("debtor", "debt")}
    return found


def _debts(told: Iterable[Told], *, creditor: Creditor) -> dict[str, Debt]:
    names = dict.fromkeys(name for each in told for name in (each.document, each.company_ref) if name)
    found: dict[str, Debt] = {}
    for contracts in chunks(names):
        rows = Debt.objects.filter(creditor=creditor, contract__in=contracts).select_related("debtor")
        found |= {debt.contract: debt for debt in rows}
    return found


def _payers(told: Iterable[Told], *, creditor: Creditor) -> dict[str, Debtor]:
    found: dict[str, Debtor] = {}
    for tax_ids in chunks(dict.fromkeys(each.payer_tax_id for each in told if each.payer_tax_id)):
        rows = Debtor.objects.filter(tax_id__in=tax_ids, debts__creditor=creditor).distinct()
        found |= {debtor.tax_id: debtor for debtor in rows}
    return found
