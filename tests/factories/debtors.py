"""Creditors, portfolios, debtors, their contact points and their debts."""

import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from collections_crm.lib import tax_ids
from debtors.models import ContactPoint, Creditor, Debt, Debtor, Installment, Portfolio
from debtors.services import ledger
from debtors.vocabulary import Medium, PartyKind, PointKind, PointStatus

_numbers = itertools.count(1)


def make_creditor(
    *,
    brand: str = "",
    late_fee_rate: Decimal = Decimal("0.02"),
    monthly_interest_rate: Decimal = Decimal("0.01"),
) -> Creditor:
    """Return a creditor of its own, with the usual charges."""
    number = next(_numbers)
    return Creditor.objects.create(
        name=f"Exemplo {number} Comércio Ltda.",
        brand=brand or f"Exemplo {number}",
        tax_id=tax_ids.with_check_digits(f"{number:08d}0001"),
        address="Rua das Flores, 10, Centro, São Paulo SP, 01001-000",
        phone="+551130000000",
        late_fee_rate=late_fee_rate,
        monthly_interest_rate=monthly_interest_rate,
    )


def house_creditor() -> Creditor:
    """Return the creditor that builders use when none is named."""
    return Creditor.objects.filter(brand="Exemplo da Casa").first() or make_creditor(brand="Exemplo da Casa")


def make_portfolio(*, creditor: Creditor | None = None, name: str = "") -> Portfolio:
    """Return a portfolio of its own."""
    return Portfolio.objects.create(
        creditor=creditor or house_creditor(), name=name or f"Carteira {next(_numbers)}"
    )


def house_portfolio(*, creditor: Creditor | None = None) -> Portfolio:
    """Return the portfolio that builders use for a creditor when none is named."""
    owner = creditor or house_creditor()
    return Portfolio.objects.get_or_create(creditor=owner, name="Carteira da Casa")[0]


def make_debtor(
    *,
    name: str = "Maria Souza",
    kind: PartyKind = PartyKind.PERSON,
    birth_date: date | None = date(1980, 2, 3),
    customer_since: date | None = None,
    confirmed_time_zone: str = "",
    phone: str | None = "",
    email: str | None = "",
) -> Debtor:
    """Return a debtor with one mobile (São Paulo) and one e-mail of her own; None leaves one out."""
    number = next(_numbers)
    base = f"{number:09d}" if kind == PartyKind.PERSON else f"{number:08d}0001"
    debtor = Debtor.objects.create(
        kind=kind,
        name=name,
        tax_id=tax_ids.with_check_digits(base),
        birth_date=birth_date if kind == PartyKind.PERSON else None,
        customer_since=customer_since,
        confirmed_time_zone=confirmed_time_zone,
    )
    if phone is not None:
        make_phone(debtor=debtor, number=phone)
    if email is not None:
        make_email(debtor=debtor, address=email)
    return debtor


def make_phone(
    *,
    debtor: Debtor,
    number: str = "",
    kind: PointKind = PointKind.OWN,
    status: PointStatus = PointStatus.NEW,
    is_mobile: bool = True,
) -> ContactPoint:
    """Return a phone of the debtor, a mobile of area code 11 unless a number is given."""
    return ContactPoint.objects.create(
        debtor=debtor,
        medium=Medium.PHONE,
        kind=kind,
        status=status,
        value=number or f"+55119{80_000_000 + next(_numbers)}",
        is_mobile=is_mobile,
    )


def make_email(
    *,
    debtor: Debtor,
    address: str = "",
    kind: PointKind = PointKind.OWN,
    status: PointStatus = PointStatus.NEW,
) -> ContactPoint:
    """Return an e-mail address of the debtor."""
    return ContactPoint.objects.create(
        debtor=debtor,
        medium=Medium.EMAIL,
        kind=kind,
        status=status,
        value=address or f"debtor{next(_numbers)}@example.com",
    )


def make_address(
    *,
    debtor: Debtor,
    street: str = "Rua A, 1",
    city: str = "São Paulo",
    state: str = "SP",
    postal_code: str = "",
) -> ContactPoint:
    """Return a home address of the debtor."""
    return ContactPoint.objects.create(
        debtor=debtor,
        medium=Medium.ADDRESS,
        kind=PointKind.HOME,
        value=street,
        city=city,
        state=state,
        postal_code=postal_code,
    )


def make_debt(
    *,
    debtor: Debtor | None = None,
    creditor: Creditor | None = None,
    portfolio: Portfolio | None = None,
    installments: Sequence[tuple[date, int]] = ((date(2026, 11, 1), 10_000),),
    contract: str = "",
    product: str = "Geladeira",
) -> Debt:
    """Return a debt with its installments, each a pair (due on, centavos), charged in the ledger."""
    owner = portfolio.creditor if portfolio else creditor or house_creditor()
    debt = Debt.objects.create(
        debtor=debtor or make_debtor(),
        creditor=owner,
        portfolio=portfolio or house_portfolio(creditor=owner),
        contract=contract or f"C-{next(_numbers):06d}",
        product=product,
    )
    ledger.post_charges(
        Installment.objects.create(debt=debt, number=number, due_on=due_on, amount_cents=amount_cents)
        for number, (due_on, amount_cents) in enumerate(installments, start=1)
    )
    return debt
