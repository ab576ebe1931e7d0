"""A large office, filled in bulk: debtors with a phone, an e-mail and one late debt each."""

from datetime import UTC, date, datetime, timedelta

from django.apps import apps
from django.db import connection

from collections_crm.lib import tax_ids
from contacts.services import policy
from debtors.models import ContactPoint, Debt, Debtor, Installment, Portfolio, User
from debtors.services import ledger
from debtors.vocabulary import Medium, PartyKind
from dunning.services import defaults, intake
from tests.factories import house_portfolio

#: A Wednesday, noon in São Paulo, no holiday: the default policy lets everything leave.
NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
TODAY = NOW.date()
APPS = ("debtors", "contacts", "dunning")


def empty() -> None:
    """Empty every table of ours."""
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    run(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")


def fill(count: int) -> Portfolio:
    """Fill an empty office with so many debtors, 6 to 45 days late, and open their cases."""
    empty()
    policy.ship_default(now=NOW)
    defaults.ship()
    portfolio = house_portfolio()
    debtors = Debtor.objects.bulk_create(
        Debtor(
            kind=PartyKind.PERSON,
            name=f"Maria Souza {number}",
            tax_id=tax_ids.with_check_digits(f"{number:09d}"),
            birth_date=date(1980, 2, 3),
            customer_since=date(2020, 1, 1) if number % 2 else None,
        )
        for number in range(count)
    )
    ContactPoint.objects.bulk_create(
        point for number, debtor in enumerate(debtors) for point in _points(debtor, number)
    )
    debts = Debt.objects.bulk_create(
        Debt(debtor=debtor, creditor=portfolio.creditor, portfolio=portfolio, contract=f"C-{debtor.pk}")
        for debtor in debtors
    )
    installments = Installment.objects.bulk_create(
        Installment(debt=debt, number=1, due_on=TODAY - timedelta(days=6 + number % 40), amount_cents=10_000)
        for number, debt in enumerate(debts)
    )
    ledger.post_charges(installments)
    intake.open_cases(now=NOW)
    run("ANALYZE")
    return portfolio


def agents(count: int, *, portfolio: Portfolio) -> list[User]:
    """Return so many agents of the portfolio, as a request finds them: with their rights read."""
    users = User.objects.bulk_create(User(username=f"agent{number}", password="!") for number in range(count))
    portfolio.agents.set(users)
    for user in users:
        user.get_all_permissions()
    return users


def run(sql: str) -> None:
    """Run a statement and commit it."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _points(debtor: Debtor, number: int) -> list[ContactPoint]:
    return [
        ContactPoint(
            debtor=debtor, medium=Medium.PHONE, value=f"+55119{80_000_000 + number}", is_mobile=True
        ),
        ContactPoint(debtor=debtor, medium=Medium.EMAIL, value=f"debtor{number}@example.com"),
    ]
