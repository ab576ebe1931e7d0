"""How many contacts a preview of the policy judges, beside the gate alone asked the same questions."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from contacts.models import Contact, PolicyPreview
from contacts.queries import replay
from contacts.rules import gate
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.facts import Decision
from contacts.services import policy_drafts, previewing
from contacts.vocabulary import ContactState, PreviewState
from debtors.models import ContactPoint, User
from tests.bench import office
from tests.bench.measuring import RUNS, Figure, seconds
from tests.factories import house_creditor

CONTACTS, OF_ONE_DEBTOR = 100_000, 4
#: Hours that move a part of what was made and is planned, and caps that stop some.
DRAFT = DEFAULT_POLICY | {
    "windows": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "caps": {"total": {"per_day": 1, "per_7_days": 2}},
}


def measure() -> Iterator[Figure]:
    """Give the one figure: of each debtor three contacts behind us and one ahead."""
    manager = _fill()
    took = median(seconds(lambda: _preview(manager)) for _ in range(RUNS))
    asked, contacts = _some_questions()
    alone = median(seconds(lambda: _ask_again(asked)) for _ in range(RUNS)) / contacts
    yield Figure(
        path="preview of a policy",
        unit="contacts",
        per_second=CONTACTS / took,
        yardstick="the gate alone, asked the same",
        yardstick_per_second=1 / alone,
        goal="100,000 in 10 s on one core",
    )


def _fill() -> User:
    office.fill(CONTACTS // OF_ONE_DEBTOR)
    creditor = house_creditor()
    mobiles = ContactPoint.objects.filter(is_mobile=True).values_list("debtor_id", "pk")
    Contact.objects.bulk_create(
        [
            _contact(debtor, point=point, number=number, creditor_id=creditor.pk)
            for debtor, point in mobiles
            for number in range(OF_ONE_DEBTOR)
        ],
        batch_size=5_000,
    )
    office.run("ANALYZE")
    return User.objects.create_superuser("manager", password=None)


def _contact(debtor: int, *, point: int, number: int, creditor_id: int) -> Contact:
    """Return the last of a debtor's contacts as planned, the others as made in the weeks before."""
    is_planned = number == OF_ONE_DEBTOR - 1
    days = debtor % 7 if is_planned else -(2 + 8 * number + debtor % 6)
    at = office.NOW + timedelta(days=days, minutes=debtor % 480 - 200)
    return Contact(
        wanted_by=f"bench:{debtor}:{number}",
        debtor_id=debtor,
        creditor_id=creditor_id,
        channel="voice" if number == 1 else "sms",
        point_id=None if is_planned else point,
        state=ContactState.PLANNED if is_planned else ContactState.CONCLUDED,
        outcome="" if is_planned else "delivered",
        not_before=at,
        started_at=None if is_planned else at,
        concluded_at=None if is_planned else at,
        created_at=min(at, office.NOW),
    )


def _preview(manager: User) -> None:
    """Write a draft and work out its preview, as the worker does, in as many runs as it takes."""
    draft = policy_drafts.write(source=None, by=manager, now=office.NOW)
    policy_drafts.edit(draft.pk, terms=DRAFT, note="x", revision=1, by=manager, now=office.NOW)
    preview = previewing.ask(draft.pk, by=manager, now=office.NOW)
    while previewing.work(clock=lambda: office.NOW):
        pass
    preview = PolicyPreview.objects.get(pk=preview.pk)
    assert (preview.state, preview.done) == (PreviewState.DONE, CONTACTS)


def _some_questions() -> tuple[list[dict[str, Any]], int]:
    """Return what the gate is asked about some thousand of the contacts, and how many these are."""
    asked: list[dict[str, Any]] = []
    decide = gate.decide

    def listen(**question: Any) -> Decision:
        asked.append(question)
        return decide(**question)

    debtors = [debtor for debtor, _contacts in replay.debtors_to_replay(now=office.NOW)[:1_000]]
    gate.decide = listen
    try:
        replayed = list(replay.replay(debtors, base=DEFAULT_POLICY, draft=DRAFT, now=office.NOW))
    finally:
        gate.decide = decide
    return asked, len(replayed)


def _ask_again(asked: list[dict[str, Any]]) -> None:
    for question in asked:
        gate.decide(**question)
