"""A sender to be killed: it forks a life for each order it reads, so that each begins in a blink.

Reads orders as lines of JSON: `{"do": …, "failpoints": …, "believes": …}`. A life either pumps and
reconciles until nothing is open (`finish`), pumps once (`pump`), wants a message to each of `numbers`
(`want`), hears that messages were delivered (`hear`), writes into a file how contacts stand (`tell`),
or furnishes a new office (`set_up`). Each order is answered by the pid when the life began and, with
`wait`, by how it ended.

`believes` are wrong beliefs for negative controls: `age` takes every other run for dead, `patience`
lets a message leave however late, `haste` waits for no list, `retry` takes for unsent what a dead
worker had handed over.
"""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

LONGEST_LIFE = 150.0


def main() -> None:
    import django

    django.setup()
    from collections_crm.engines import preloading

    preloading.preload()  # once, not in every life
    import tests.factories  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            sys.stdin.close()
            _live(order)
        print(pid, flush=True)
        if order.get("wait", True):
            _pid, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)


def _live(order: dict[str, Any]) -> None:
    """Do what is ordered, and end without the parent's own endings."""
    from contacts import failpoints

    failpoints.reached = failpoints.acting_on(failpoints.orders_from(order.get("failpoints", "")))
    for belief in order.get("believes", ()):
        BELIEFS[belief]()
    try:
        DEEDS[order["do"]](order)
    except BaseException:  # noqa: BLE001 - a fork must never go on into its parent's code
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _set_up(_order: dict[str, Any]) -> None:
    """Put a policy in force under which everything may leave at any hour, and one text in use."""
    from contacts.services import clock
    from tests.factories import house_portfolio, make_policy, make_template

    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    make_policy(now=clock.now(), windows={day: [["00:00", "24:00"]] for day in days}, block_birthday=False)
    make_template(key="fault")
    house_portfolio()


def _want(order: dict[str, Any]) -> None:
    """Want one message to each number, of a debtor of its own who owes something."""
    from collections_crm.lib import tax_ids
    from contacts.models import Contact, Template
    from contacts.services import clock, outbox
    from debtors.models import ContactPoint, Debt, Debtor, Installment
    from debtors.services import ledger
    from debtors.vocabulary import Medium, PartyKind
    from tests.factories import house_portfolio

    numbers, now, portfolio = order["numbers"], clock.now(), house_portfolio()
    yesterday, template = now.date() - timedelta(days=1), Template.objects.get(key="fault")
    debtors = Debtor.objects.bulk_create(
        Debtor(kind=PartyKind.PERSON, name="Maria", tax_id=tax_ids.with_check_digits(number[-9:]))
        for number in numbers
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(debtor=debtor, medium=Medium.PHONE, value=number, is_mobile=True)
        for debtor, number in zip(debtors, numbers, strict=True)
    )
    debts = Debt.objects.bulk_create(
        Debt(debtor=debtor, creditor=portfolio.creditor, portfolio=portfolio, contract=f"C-{debtor.pk}")
        for debtor in debtors
    )
    installments = [Installment(debt=debt, number=1, due_on=yesterday, amount_cents=10_000) for debt in debts]
    ledger.post_charges(Installment.objects.bulk_create(installments))
    outbox.want_many(
        [
            Contact(
                wanted_by=f"fault:{number}",
                debtor=debtor,
                creditor=portfolio.creditor,
                channel="sms",
                template=template,
                not_before=now - timedelta(seconds=1),
                created_at=now,
            )
            for debtor, number in zip(debtors, numbers, strict=True)
        ]
    )


def _tell(order: dict[str, Any]) -> None:
    """Write how the contacts with these numbers stand, and `contradicted` for each late evidence."""
    from contacts.models import Attempt, Contact

    wanted = Contact.objects.filter(wanted_by__in=[f"fault:{number}" for number in order["numbers"]])
    late = Attempt.objects.filter(contact__in=wanted, contradicted_at__isnull=False).count()
    states = [*wanted.values_list("state", flat=True), *["contradicted"] * late]
    Path(order["path"]).write_text(json.dumps(states))


def _hear(order: dict[str, Any]) -> None:
    """Hear of these messages, each by our own id and the provider's, that they were delivered."""
    from contacts.services import clock, delivery
    from contacts.vocabulary import Outcome

    for attempt_id, provider_id in order["delivered"]:
        report = delivery.Report(
            provider="twilio",
            provider_id=provider_id,
            status="delivered",
            payload={},
            attempt_id=UUID(attempt_id),
            outcome=Outcome.DELIVERED,
        )
        delivery.apply_report(report, now=clock.now())


def _pump(_order: dict[str, Any]) -> None:
    from contacts.services import clock, dispatch

    dispatch.pump(clock=clock.now)


def _finish(_order: dict[str, Any]) -> None:
    """Go on until nothing is open."""
    from contacts.models import Contact
    from contacts.services import clock, dispatch, reconciling

    deadline = time.monotonic() + LONGEST_LIFE
    while time.monotonic() < deadline:
        dispatch.pump(clock=clock.now)
        reconciling.reconcile(clock=clock.now)
        if not Contact.objects.filter(state__in=["planned", "claimed", "sending", "unknown"]).exists():
            return
        time.sleep(0.05)
    raise TimeoutError("something stays open")


def _believe_in_age() -> None:
    from contextlib import contextmanager

    from contacts.services import proof_of_life

    @contextmanager
    def all_of_them(runs: Any) -> Any:
        yield list(runs)

    proof_of_life.proved_dead = all_of_them  # type: ignore[assignment]


def _be_patient() -> None:
    from dataclasses import replace

    from contacts.channels import registry

    known = registry.twilio_account
    registry.twilio_account = lambda: replace(known(), total_seconds=3600.0)


def _be_hasty() -> None:
    from django.conf import settings

    settings.SETTLE_SECONDS = settings.SECOND_LOOK_SECONDS = 0.05


def _believe_in_retries() -> None:
    from contacts.services import settling
    from contacts.vocabulary import AttemptState

    def plan_it_again(contact: Any, attempt: Any, *, reason: str, now: Any) -> None:
        settling._move(attempt, AttemptState.NOT_SENT, now=now, why=reason)
        settling._plan_again(contact, at=now)

    settling._doubt = plan_it_again


DEEDS = {
    "tell": _tell,
    "set_up": _set_up,
    "want": _want,
    "pump": _pump,
    "hear": _hear,
    "finish": _finish,
}
BELIEFS = {
    "age": _believe_in_age,
    "patience": _be_patient,
    "haste": _be_hasty,
    "retry": _believe_in_retries,
}


if __name__ == "__main__":
    main()
