"""The contacts of the last thirty days and the next seven, each judged by two policies on its moment's facts.

What waits is judged as admission would judge it (a test compares the two), but for two things that no
policy changes: of what is owed only the principal is looked at, and a free text is judged like any
other. What was made is judged as it was: at its number, after the contacts and promises before it; the
local rules and the debtors' wishes are today's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count

from contacts.models import Contact
from contacts.queries import whereabouts
from contacts.queries.asking import OF_THE_POINT, is_sooner
from contacts.queries.replay_facts import Case, Teller
from contacts.queries.replay_people import Point
from contacts.queries.replay_rows import Made, Rows, Wanted, contacts_to_replay, read
from contacts.queries.terms import Resolved, Rulebook, rulebook
from contacts.rules import gate
from contacts.rules.facts import ContactFacts, Decision
from contacts.rules.replay import Answer, Replayed

RESERVED = "reserved"
Answers = tuple[
    tuple[Answer, str], tuple[Answer, str]
]  # by the version in force and by the draft: at which number


def debtors_to_replay(*, now: datetime) -> list[tuple[int, int]]:
    """Return the debtors with contacts to be judged, by id, each with how many there are."""
    found = Contact.objects.filter(contacts_to_replay(now=now)).order_by("debtor_id")
    return list(found.values_list("debtor_id").annotate(contacts=Count("pk")))


def replay(
    debtor_ids: Sequence[int], *, base: Mapping[str, Any] | None, draft: Mapping[str, Any], now: datetime
) -> Iterator[Replayed]:
    """Yield the contacts of these debtors, judged by the version `base` (None: no policy yet) and by `draft`.

    A pause is left out of account. What waits for one debtor is judged in the order of its moments, and
    counts for what follows from when the policy in question would let it leave.
    """
    book = rulebook(debtor_ids, now=now)
    books = (_book(book, base), _book(book, draft))
    asks_first = any(each.asks_for_a_message_first for each in books)
    rows = read(debtor_ids, asks_for_a_message_first=asks_first, now=now)
    judge = _Judge(books, teller=Teller(rows, asks_for_a_message_first=asks_first, now=now))
    for debtor_id in debtor_ids:
        yield from _past(debtor_id, rows=rows, judge=judge)
        yield from _waiting(debtor_id, rows=rows, judge=judge)


def _book(book: Rulebook, terms: Mapping[str, Any] | None) -> Rulebook:
    if terms is None:
        return replace(book, policy_id=None)
    return replace(book, policy_id=book.policy_id or 0, policy_text=json.dumps(terms), is_paused=False)


def _past(debtor_id: int, *, rows: Rows, judge: "_Judge") -> Iterator[Replayed]:
    """Yield what was made, or came too late, each after what had happened before it."""
    everything = rows.made.get(debtor_id, [])
    for wanted in rows.past.get(debtor_id, ()):
        at, own = wanted.at, wanted.contact_id
        before = [made for made in everything if made.facts.at <= at and made.contact_id != own]
        case = Case(wanted, person=rows.people[debtor_id], before=before)
        (base, _value), (draft, _value) = judge.answers(case, case)
        yield _replayed(case, base, draft)


def _waiting(debtor_id: int, *, rows: Rows, judge: "_Judge") -> Iterator[Replayed]:
    """Yield what waits, each after those that would have left before it."""
    before: Sequence[list[Made]] = [rows.made.get(debtor_id, [])] * 2
    for wanted in rows.waiting.get(debtor_id, ()):
        person = rows.people[debtor_id]
        by_base = by_draft = Case(wanted, person=person, before=before[0])
        if before[0] is not before[1]:
            by_draft = Case(wanted, person=person, before=before[1])
        answers = judge.answers(by_base, by_draft)
        before = _gone_on(before, answers, wanted=wanted)
        (base, _value), (draft, _value) = answers
        yield _replayed(by_base, base, draft)


def _gone_on(before: Sequence[list[Made]], answers: Answers, *, wanted: Wanted) -> list[list[Made]]:
    """Return what will have happened under each policy: one and the same list for as long as they agree."""
    longer = [
        made if answer.at is None else [*made, _made(wanted, at=answer.at, value=value)]
        for made, (answer, value) in zip(before, answers, strict=True)
    ]
    agree = before[0] is before[1] and answers[0][0].at == answers[1][0].at
    return [longer[0]] * len(longer) if agree else longer


def _in_time(wanted: Wanted, at: datetime | None) -> datetime | None:
    """Return when a contact may leave; None where that is too late for it."""
    is_too_late = at is not None and wanted.expires_at is not None and at >= wanted.expires_at
    return None if is_too_late else at


def _made(wanted: Wanted, *, at: datetime, value: str) -> Made:
    return Made(wanted.contact_id, wanted.debtor_id, value, ContactFacts(at, wanted.channel, RESERVED))


def _replayed(case: Case, base: Answer, draft: Answer) -> Replayed:
    wanted = case.wanted
    return Replayed(
        contact_id=wanted.contact_id,
        debtor_id=wanted.debtor_id,
        channel=wanted.channel,
        at=wanted.at,
        is_planned=not wanted.is_past,
        state=case.person.state,
        base=base,
        draft=draft,
    )


class _Judge:
    """The two policies with everything that may narrow them, asked about one contact after the other."""

    def __init__(self, books: tuple[Rulebook, Rulebook], *, teller: Teller) -> None:
        self.books, self.teller = books, teller
        self.bindings: dict[tuple[object, ...], tuple[Resolved, Resolved]] = {}

    def answers(self, by_base: Case, by_draft: Case) -> Answers:
        """Return what both policies answer about a contact; the cases differ in what was made before it."""
        base, draft = self._bindings(by_base)
        return self._answer(by_base, base), self._answer(by_draft, draft)

    def _answer(self, case: Case, binding: Resolved) -> tuple[Answer, str]:
        """Return the gate's answer about a contact, and the number it is about.

        What is held against a point leads on to the next one, as in `Asked.best`.
        """
        refused: tuple[Decision, str] | None = None
        for point in case.points:
            decision = self._decide(case, point=point, binding=binding)
            if decision.is_allowed:
                return Answer((), case.wanted.at), point.value
            leads_on = _is_of_the_point(decision)
            if refused is None or not leads_on or is_sooner(decision, than=refused[0]):
                refused = decision, point.value
            if not leads_on:
                break
        decision, value = refused or (self._decide(case, point=None, binding=binding), "")
        return Answer(decision.reasons, _in_time(case.wanted, decision.next_allowed)), value

    def _decide(self, case: Case, *, point: Point | None, binding: Resolved) -> Decision:
        facts = self.teller.facts(case, point=point, closes_public_holidays=binding.closes_public_holidays)
        return gate.decide(
            facts=facts,
            terms=whereabouts.where_nothing_is_known(binding.terms, case.person.points),
            now=case.wanted.at,
            horizon_days=gate.HORIZON_DAYS,
        )

    def _bindings(self, case: Case) -> tuple[Resolved, Resolved]:
        """Return the terms that bind by both, resolved once for all whom the same rules and wishes bind."""
        wanted, places = case.wanted, case.person.places
        base, draft = self.books
        wish, segments = base.wishes.get(wanted.debtor_id), base.segments.get(wanted.debtor_id)
        key = (places, wanted.channel, wanted.creditor_id, wish, segments)
        if key not in self.bindings:
            who, channel = wanted.debtor_id, wanted.channel
            # Only what was found at the provider after a restore was for nobody: it is past, and it counts.
            meant = frozenset() if wanted.creditor_id is None else frozenset({wanted.creditor_id})
            self.bindings[key] = (
                base.resolve(who, places=places, channel=channel, creditor_ids=meant),
                draft.resolve(who, places=places, channel=channel, creditor_ids=meant),
            )
        return self.bindings[key]


def _is_of_the_point(decision: Decision) -> bool:
    return any(code.startswith("POINT_") or code in OF_THE_POINT for code in decision.reasons)
