"""How many contacts a preview of the policy judges, beside the gate alone asked the same questions."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
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
from tests.bench.measuring import Figure, medians
from tests.factories import house_creditor

CONTACTS, OF_ONE_DEBTOR = 100_000, 4
#: Hours that move a part of what was made and is planned, and caps that stop some.
DRAFT = DEFAULT_POLICY | {
    "windows": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "caps": {"total": {"per_day": 1, "per_7_days": 2}},
}


def measure() -> Iterator[Figure]:
    """Give two figures, of one worker and of two: of each debtor three contacts behind us and one ahead."""
    manager = _fill()
    asked, contacts = _some_questions()
    with ExitStack() as stack:
        two = [stack.enter_context(_worker()) for _ in range(2)]
        for workers, goal in ((two[:1], "half of the next"), (two, "100,000 in 10 s")):
            ours, limit = medians(partial(_preview, manager, workers), partial(_ask_again, asked))
            yield Figure(
                path=f"preview, {len(workers)} at it: {ours:.1f} s",
                unit="contacts",
                per_second=CONTACTS / ours,
                yardstick="the gate alone, one process",
                yardstick_per_second=contacts / limit,
                goal=goal,
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


def _worker() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.bench.preview_worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _preview(manager: User, workers: Sequence["subprocess.Popen[str]"]) -> None:
    """Write a draft and let the workers work out its preview, in as many runs as it takes."""
    draft = policy_drafts.write(source=None, by=manager, now=office.NOW)
    policy_drafts.edit(draft.pk, terms=DRAFT, note="x", revision=1, by=manager, now=office.NOW)
    preview = previewing.ask(draft.pk, by=manager, now=office.NOW)
    for worker in workers:
        print("work", file=worker.stdin, flush=True)
    for worker in workers:
        assert worker.stdout
        worker.stdout.readline()
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
