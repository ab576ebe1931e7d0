"""Write what a plan adds, in bulk, inside the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from debtors.models import ContactPoint, Creditor, Debt, Debtor, Installment, Portfolio, User
from debtors.rules import points as point_rules
from debtors.rules.import_rows import DebtorFacts, PointFacts
from debtors.services import customer_facts, ledger, people
from debtors.services.customer_facts import Told
from debtors.services.import_plans import Plan, chunks, payment_key
from debtors.services.ledger import FirstPayment
from debtors.vocabulary import FactKind, Medium, PaymentSource, PointKind, PointStatus

BATCH = 1_000
SOURCE = "import"  # how a contact point says that a file brought it
FILLED_WHEN_BLANK = ("preferred_name", "birth_date", "customer_since")


def write(
    plan: Plan, *, creditor: Creditor, portfolio: Portfolio, recorded_by: User | None, now: datetime
) -> int:
    """Write debtors, contact points, debts, installments, charges and payments; return the new points.

    Locks the known debtors first, in order of their ids. What is recorded is never overwritten.
    """
    debtors = _write_debtors(plan)
    _write_facts(plan, debtors=debtors, creditor=creditor, recorded_by=recorded_by, now=now)
    points = _write_points(plan, debtors=debtors, recorded_by=recorded_by, now=now)
    debts = _write_debts(plan, debtors=debtors, creditor=creditor, portfolio=portfolio)
    raised = _write_installments(plan, debts=debts)
    for debtor_id in sorted(raised & {known.pk for known in plan.records.debtors.values()}):
        ledger.make_room(debtor_id=debtor_id, creditor_id=creditor.pk, now=now)
    _write_payments(plan, debts=debts, creditor=creditor, recorded_by=recorded_by, now=now)
    return points


def _write_debtors(plan: Plan) -> dict[str, Debtor]:
    """Return every debtor of the plan by tax id: the new ones made, blanks of the known ones filled."""
    known = _locked(plan.records.debtors.values())
    told = {tax_id: gathered.facts for tax_id, gathered in plan.gathered.debtors.items()}
    completed = [debtor for tax_id, debtor in known.items() if _fill_blanks(debtor, told.get(tax_id))]
    Debtor.objects.bulk_update(completed, [*FILLED_WHEN_BLANK, "folded_name"], batch_size=BATCH)
    _have_been_corrected(debtor.pk for debtor in completed)
    new = [_new_debtor(facts) for tax_id, facts in told.items() if tax_id not in known]
    made = Debtor.objects.bulk_create(new, batch_size=BATCH)
    return known | {debtor.tax_id: debtor for debtor in made}


def _locked(debtors: Iterable[Debtor]) -> dict[str, Debtor]:
    """Lock the rows of the known debtors in order of their ids, and return them as they are now."""
    found: dict[str, Debtor] = {}
    for pks in chunks(sorted(debtor.pk for debtor in debtors)):
        locked = Debtor.objects.select_for_update().filter(pk__in=pks).order_by("pk")
        found |= {debtor.tax_id: debtor for debtor in locked}
    return found


def _fill_blanks(debtor: Debtor, told: DebtorFacts | None) -> bool:
    """Take over what was not known of a debtor; return whether there was anything."""
    news = [name for name in FILLED_WHEN_BLANK if getattr(told, name, None) and not getattr(debtor, name)]
    for name in news:
        setattr(debtor, name, getattr(told, name))
    return bool(news)


def _new_debtor(facts: DebtorFacts) -> Debtor:
    return Debtor(
        kind=facts.kind,
        name=facts.name,
        preferred_name=facts.preferred_name,
        tax_id=facts.tax_id,
        birth_date=facts.birth_date,
        customer_since=facts.customer_since,
    )


def _write_facts(
    plan: Plan, *, debtors: dict[str, Debtor], creditor: Creditor, recorded_by: User | None, now: datetime
) -> None:
    """Keep what the file says of customers, as of the day of the import; told again it is no news."""
    told = [
        Told(debtors[tax_id].pk, kind, value)
        for tax_id, gathered in plan.gathered.debtors.items()
        for kind, value in (
            (FactKind.KEY_CUSTOMER, gathered.facts.key_customer),
            (FactKind.CREDIT_RISK, gathered.facts.credit_risk),
        )
        if value
    ]
    source, today = gettext("imported file"), timezone.localdate(now)
    customer_facts.record_many(
        told, creditor=creditor, known_on=today, source=source, by=recorded_by, now=now
    )


def _write_points(plan: Plan, *, debtors: dict[str, Debtor], recorded_by: User | None, now: datetime) -> int:
    """Add the contact points not known yet; return how many. A retired point stays retired.

    Of a known point only blanks of its place are filled, and it may become more protected (a
    number said to be a third party's), never less.
    """
    known = _known_points(plan.records.debtors.values())
    refused = set(
        ContactPoint.objects.filter(status=PointStatus.DO_NOT_CONTACT)
        .exclude(medium=Medium.ADDRESS)  # the same street stands in many towns
        .values_list("value", flat=True)
    )
    new, changed, protected = [], [], []
    for tax_id, gathered in plan.gathered.debtors.items():
        debtor = debtors[tax_id]
        for (medium, value), facts in gathered.points.items():
            point = known.get((debtor.pk, medium, value))
            was = point.kind if point else None
            if point is None:
                new.append(_new_point(facts, debtor=debtor, is_refused=value in refused, now=now))
            elif _complete(point, facts):
                changed.append(point)
                protected += [point] if point.kind != was else []
    made = ContactPoint.objects.bulk_create(new, batch_size=BATCH)
    silent = [point for point in made if point.is_retired]
    people.remember_changes(protected, source=gettext("imported file"), by=recorded_by, now=now)
    people.remember_changes(
        silent, source=gettext("asked not to be contacted, as we know from elsewhere"), by=None, now=now
    )
    ContactPoint.objects.bulk_update(changed, ["kind", "city", "state", "postal_code"], batch_size=BATCH)
    of_known = {debtor.pk for debtor in plan.records.debtors.values()}
    _have_been_corrected(of_known.intersection(point.debtor_id for point in [*made, *changed]))
    return len(new)


def _have_been_corrected(debtors: Iterable[int]) -> None:
    for pks in chunks(debtors):
        people.corrected(pks)


def _known_points(debtors: Iterable[Debtor]) -> dict[tuple[int, str, str], ContactPoint]:
    return {
        (point.debtor_id, point.medium, point.value): point
        for pks in chunks(debtor.pk for debtor in debtors)
        for point in ContactPoint.objects.filter(debtor__in=pks)
    }


def _new_point(facts: PointFacts, *, debtor: Debtor, is_refused: bool, now: datetime) -> ContactPoint:
    """Make a point; one whose owner asked not to be contacted, whoever's debt it was, stays silent."""
    return ContactPoint(
        debtor_id=debtor.pk,
        medium=facts.medium,
        kind=facts.kind,
        status=PointStatus.DO_NOT_CONTACT if is_refused else PointStatus.NEW,
        status_since=now if is_refused else None,
        value=facts.value,
        is_mobile=facts.is_mobile,
        city=facts.city,
        state=facts.state,
        postal_code=facts.postal_code,
        source=SOURCE,
    )


def _complete(point: ContactPoint, facts: PointFacts) -> bool:
    """Fill in a point's place and protect it more if the file says so; return whether it changed."""
    before = (point.kind, point.city, point.state, point.postal_code)
    point.kind = point_rules.more_protected(PointKind(point.kind), facts.kind)
    if not (point.city or point.state or point.postal_code):
        point.city, point.state, point.postal_code = facts.city, facts.state, facts.postal_code
    return before != (point.kind, point.city, point.state, point.postal_code)


def _write_debts(
    plan: Plan, *, debtors: dict[str, Debtor], creditor: Creditor, portfolio: Portfolio
) -> dict[str, Debt]:
    """Return every debt of the plan by contract; a known one stays in its portfolio."""
    new = [
        Debt(
            debtor=debtors[gathered.tax_id],
            creditor=creditor,
            portfolio=portfolio,
            contract=contract,
            product=gathered.facts.product,
            original_creditor=gathered.facts.original_creditor,
            instrument=gathered.facts.instrument,
            late_fee_rate=gathered.facts.late_fee_rate,
            monthly_interest_rate=gathered.facts.monthly_interest_rate,
        )
        for contract, gathered in plan.gathered.debts.items()
        if contract not in plan.records.debts
    ]
    made = Debt.objects.bulk_create(new, batch_size=BATCH)
    return plan.records.debts | {debt.contract: debt for debt in made}


def _write_installments(plan: Plan, *, debts: dict[str, Debt]) -> set[int]:
    """Add the installments not known yet with their charges; return the ids of their debtors."""
    new = [
        Installment(
            debt_id=debts[contract].pk, number=number, due_on=part.due_on, amount_cents=part.amount_cents
        )
        for contract, gathered in plan.gathered.debts.items()
        for number, (part, _line) in gathered.installments.items()
        if (contract, number) not in plan.records.installments
    ]
    ledger.post_charges(Installment.objects.bulk_create(new, batch_size=BATCH))
    debtor_of = {debt.pk: debt.debtor_id for debt in debts.values()}
    return {debtor_of[each.debt_id] for each in new}


def _write_payments(
    plan: Plan, *, debts: dict[str, Debt], creditor: Creditor, recorded_by: User | None, now: datetime
) -> None:
    """Record the payments not known yet: of new debtors in bulk, of known ones as any other payment."""
    known = {debtor.pk for debtor in plan.records.debtors.values()}
    told = _payments(plan, debts=debts, creditor=creditor)
    ledger.record_first_payments(
        [each for each in told if each.debt.debtor_id not in known],
        creditor=creditor,
        source=PaymentSource.FILE,
        recorded_by=recorded_by,
        now=now,
    )
    for each in sorted(told, key=lambda each: each.paid_on):
        if each.debt.debtor_id in known:
            ledger.record_payment(
                debtor=each.debt.debtor,
                creditor=creditor,
                debt=each.debt,
                amount_cents=each.amount_cents,
                paid_on=each.paid_on,
                method=each.method,
                source=PaymentSource.FILE,
                external_id=each.external_id,
                recorded_by=recorded_by,
                now=now,
            )


def _payments(plan: Plan, *, debts: dict[str, Debt], creditor: Creditor) -> list[FirstPayment]:
    """Return the payments that are not recorded yet, each on the debt its row names."""
    found = []
    for contract, gathered in plan.gathered.debts.items():
        for each in gathered.payments:
            facts = each.facts
            key = payment_key(facts, contract=contract, installment=each.installment, creditor=creditor)
            if key not in plan.records.payments:
                debt = debts[contract]
                found.append(FirstPayment(debt, facts.amount_cents, facts.paid_on, facts.method, key))
    return found
