"""How many contacts are admitted and dispatched, beside one row updated and committed at a time."""

import os
from collections.abc import Iterator
from functools import partial
from itertools import count

import psycopg

from contacts.models import Attempt, Contact
from contacts.services import dispatch
from contacts.vocabulary import ContactState
from tests.bench import office
from tests.bench.measuring import RUNS, Figure, medians
from tests.factories import make_template

CONTACTS = 100
TEXT = "Ola, {{ name }}. Temos um recado da {{ brand }}. Ligue {{ phone }}. Para nao receber: SAIR"


def measure() -> Iterator[Figure]:
    """Give the one figure: a worker of its own, the sandbox as the provider."""
    portfolio = office.fill(CONTACTS * (RUNS + 1))
    template = make_template(key="bench", body=TEXT)
    debtors = list(portfolio.debts.values_list("debtor_id", flat=True))
    lots = (debtors[start : start + CONTACTS] for start in count(0, CONTACTS))

    def want() -> None:
        Contact.objects.bulk_create(
            Contact(
                wanted_by=f"bench:{debtor}",
                debtor_id=debtor,
                creditor=portfolio.creditor,
                channel="sms",
                template=template,
                not_before=office.NOW,
                created_at=office.NOW,
            )
            for debtor in next(lots)
        )
        office.run("ANALYZE")

    def pump() -> None:
        assert dispatch.pump(clock=lambda: office.NOW) == CONTACTS

    want()
    pump()  # caches are filled
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as bare:
        ours, limit = medians(pump, partial(_update, bare), before=want, before_yardstick=lambda: None)
    assert Contact.objects.filter(state=ContactState.SENT).count() == Attempt.objects.count()
    yield Figure(
        path="admit and dispatch",
        unit="contacts",
        per_second=CONTACTS / ours,
        yardstick="UPDATE one row, commit",
        yardstick_per_second=CONTACTS / limit,
        goal="0.25",
    )


def _update(bare: psycopg.Connection) -> None:
    """Update as many rows by primary key, each with a commit of its own."""
    for pk in range(1, CONTACTS + 1):
        bare.execute("UPDATE contacts_contact SET error_code = '' WHERE id = %s", [pk])
