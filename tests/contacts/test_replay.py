"""The replay judges each contact as admission would, on the facts of its moment, under both policies."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contacts import queries
from contacts.models import Contact, Hold, OptOut
from contacts.queries import replay
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.replay import Replayed
from contacts.services import preferences
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope, Outcome
from debtors.models import Debt
from debtors.vocabulary import PointKind, PointStatus, PromiseStatus
from tests.factories import (
    make_address,
    make_agent,
    make_call,
    make_contact,
    make_debt,
    make_debtor,
    make_payment,
    make_phone,
    make_policy,
    make_promise,
)
from tests.factories.contacts import EASY_TERMS
from tests.factories.local_rules import daily, make_block_list, make_overlay

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # a Wednesday, noon in São Paulo
EASY = EASY_TERMS
NARROW = EASY | {"windows": {day: [["09:00", "11:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}

pytestmark = pytest.mark.django_db


def replayed(base: dict[str, Any] | None = EASY, draft: dict[str, Any] = NARROW) -> list[Replayed]:
    """Return everything there is, judged by both, by contact."""
    debtors = [debtor for debtor, _contacts in replay.debtors_to_replay(now=NOW)]
    found = list(replay.replay(debtors, base=base, draft=draft, now=NOW))
    return sorted(found, key=lambda each: each.contact_id)


def make_waiting(*, not_before=NOW, channel=Channel.SMS, debtor=None, owes=True, **values: Any) -> Contact:
    """Return a contact that waits, of somebody who owes."""
    debtor = debtor or make_debtor()
    if owes and not Debt.objects.filter(debtor=debtor).exists():
        make_debt(debtor=debtor)
    contact = make_contact(debtor=debtor, at=not_before, channel=channel, state=ContactState.PLANNED)
    Contact.objects.filter(pk=contact.pk).update(**{"point": None} | values)
    return contact


def test_what_was_made_lately_and_what_waits_for_the_coming_days_is_judged_and_nothing_else():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    judged = [
        make_contact(debtor=debtor, at=NOW - timedelta(days=29)),
        make_contact(debtor=debtor, at=NOW - timedelta(hours=1), state=ContactState.SENT),
        make_waiting(debtor=debtor, not_before=NOW - timedelta(days=1)),
        make_waiting(debtor=debtor, not_before=NOW + timedelta(days=6)),
        make_waiting(debtor=debtor, not_before=NOW + timedelta(days=12), objections=["CAP_7D_TOTAL"]),
        make_waiting(debtor=debtor, state=ContactState.BLOCKED, objections=["CHANNEL_DISABLED"]),
        make_waiting(debtor=debtor, state=ContactState.CLAIMED),
        make_waiting(
            debtor=debtor,
            state=ContactState.EXPIRED,
            decided_at=NOW - timedelta(days=2),
            objections=["OUTSIDE_HOURS"],
        ),
    ]
    make_contact(debtor=debtor, at=NOW - timedelta(days=31))
    Contact.objects.filter(pk=make_contact(debtor=debtor, at=NOW).pk).update(
        is_inbound=True, outcome="inbound"
    )
    make_waiting(debtor=debtor, not_before=NOW + timedelta(days=8))
    make_waiting(debtor=debtor, expires_at=NOW - timedelta(hours=1))
    make_waiting(debtor=debtor, state=ContactState.CANCELLED)
    make_waiting(debtor=debtor, state=ContactState.EXPIRED, decided_at=NOW - timedelta(days=2))
    make_waiting(
        debtor=debtor, state=ContactState.EXPIRED, decided_at=NOW - timedelta(days=40), objections=["X"]
    )

    assert [each.contact_id for each in replayed()] == [contact.pk for contact in judged]
    assert replay.debtors_to_replay(now=NOW) == [(debtor.pk, len(judged))]


def test_what_waits_is_judged_as_admission_would_judge_it():
    terms = make_policy(now=NOW, **DEFAULT_POLICY | {"message_first": True}).terms
    make_everybody()

    judged = {each.contact_id: each.base for each in replayed(base=terms, draft=EASY) if each.is_planned}

    waiting = Contact.objects.filter(state=ContactState.PLANNED)
    said = {contact.pk: admission_says(contact) for contact in waiting}
    assert {pk: (answer.reasons, answer.at) for pk, answer in judged.items()} == said
    assert len({reasons for reasons, _at in said.values()}) > 15


def make_everybody() -> None:
    """Let a contact wait for somebody of whom nothing is known, and one for each thing there may be."""
    make_waiting()
    Hold.objects.create(debtor=make_waiting().debtor, kind=HoldKind.DISPUTE, active_from=NOW - timedelta(1))
    OptOut.objects.create(
        debtor=make_waiting().debtor, scope=OptOutScope.CHANNEL, channel="sms", active_from=NOW, source="x"
    )
    make_promise(debtor=make_waiting().debtor, promised_on=NOW.date() + timedelta(days=2), now=NOW)
    make_payment(debtor=make_waiting().debtor, amount_cents=20_000, now=NOW)
    Debt.objects.filter(debtor=make_waiting().debtor).update(limitation_on=NOW.date())
    make_waiting(debtor=make_debtor(birth_date=date(2015, 1, 1)))
    make_waiting(debtor=make_debtor(birth_date=date(1980, 11, 18)))
    make_waiting(channel=Channel.LETTER)
    make_waiting(channel=Channel.WHATSAPP)
    make_overlay(now=NOW, state="RJ", windows=daily("13:00", "14:00"))
    make_waiting(debtor=make_debtor(phone="+5521999990004"))
    wishes = {"windows": daily("18:00", "19:00"), "unwanted_channels": []}
    preferences.keep(debtor=make_waiting().debtor, **wishes, source="x", by=None, now=NOW)
    make_block_list("+5511999990005", now=NOW)
    make_waiting(debtor=make_debtor(phone="+5511999990005"))
    make_everybody_by_where_he_is()
    make_everybody_by_what_happened()


def make_everybody_by_where_he_is() -> None:
    make_waiting(debtor=make_debtor(phone="+5568999990001"))
    make_waiting(debtor=make_debtor(confirmed_time_zone="America/Noronha"))
    make_waiting(debtor=make_debtor(phone=None, email=None))
    at_home, at_work, second_number = make_debtor(), make_debtor(phone=None), make_debtor()
    make_address(debtor=at_home, city="Rio Branco", state="AC")
    make_phone(debtor=at_work, kind=PointKind.WORKPLACE)
    second_number.points.update(status=PointStatus.WRONG_NUMBER)
    make_phone(debtor=second_number)
    for debtor in (at_home, at_work, second_number):
        make_waiting(debtor=debtor)


def make_everybody_by_what_happened() -> None:
    tired, rests, brother, sister = (make_waiting().debtor for _ in range(4))
    for days in (1, 2, 3, 4):
        make_contact(debtor=tired, at=NOW - timedelta(days=days), channel=Channel.EMAIL)
        make_contact(debtor=sister, at=NOW - timedelta(days=days), channel=Channel.VOICE)
    sister.points.filter(is_mobile=True).update(value="+5511999990003")
    brother.points.filter(is_mobile=True).update(value="+5511999990003")
    make_call(debtor=rests, at=NOW - timedelta(hours=30), outcome=Outcome.CONVERSATION)
    called = make_waiting(channel=Channel.VOICE).debtor
    make_contact(debtor=called, at=NOW - timedelta(days=90))
    make_waiting(channel=Channel.VOICE)
    dialled = make_waiting(channel=Channel.VOICE, agent=make_agent())
    worse = make_phone(debtor=dialled.debtor, status=PointStatus.INVALID)
    Contact.objects.filter(pk=dialled.pk).update(point=worse)


def admission_says(contact: Contact) -> tuple[tuple[str, ...], datetime | None]:
    contact.refresh_from_db()
    asked = queries.may_contact(
        debtor=contact.debtor,
        channel=contact.channel,
        now=NOW,
        purpose=contact.purpose,
        creditor_id=contact.creditor_id,
    )
    verdict = asked.verdict(contact.point) if contact.agent_id and contact.point else asked.best
    return verdict.reasons, verdict.next_allowed


def test_what_was_made_is_judged_by_what_had_happened_before_it():
    debtor = make_debtor()
    first = make_contact(debtor=debtor, at=NOW - timedelta(days=2))
    second = make_contact(debtor=debtor, at=NOW - timedelta(days=2) + timedelta(hours=2))

    one, other = replayed(draft=EASY | {"caps": {"total": {"per_day": 1}}})

    assert (one.contact_id, one.fate) == (first.pk, "same")
    assert (other.contact_id, other.fate, other.because_of) == (second.pk, "later", ("CAP_DAY_TOTAL",))
    assert other.draft.at == datetime(2026, 11, 17, 11, 30, tzinfo=UTC)


def test_a_promise_kept_since_was_open_then_and_one_made_since_was_not_there():
    kept, made_since = make_debtor(), make_debtor()
    for debtor in (kept, made_since):
        make_debt(debtor=debtor)
        make_contact(debtor=debtor, at=NOW - timedelta(days=2))
    early = make_promise(debtor=kept, promised_on=date(2026, 11, 16), now=NOW - timedelta(days=5))
    early.status, early.settled_at = PromiseStatus.KEPT, NOW - timedelta(days=1)
    early.save()
    make_promise(debtor=made_since, promised_on=date(2026, 11, 25), now=NOW - timedelta(days=1))

    fates = {each.debtor_id: each.fate for each in replayed(base=EASY | {"promise_grace": False}, draft=EASY)}

    assert fates == {kept.pk: "later", made_since.pk: "same"}


def test_a_hold_or_a_wish_counts_from_its_own_moment_on():
    debtor = make_debtor()
    make_contact(debtor=debtor, at=NOW - timedelta(days=2))
    Hold.objects.create(debtor=debtor, kind=HoldKind.DISPUTE, active_from=NOW - timedelta(days=1))

    [one] = replayed(base=EASY | {"holds_blocking": []}, draft=EASY)

    assert one.fate == "same"


def test_a_number_given_up_since_was_not_confirmed_then():
    debtor = make_debtor()
    make_contact(debtor=debtor, at=NOW - timedelta(days=2))
    debtor.points.update(status=PointStatus.WRONG_NUMBER, status_since=NOW - timedelta(days=1))

    [one] = replayed(draft=EASY | {"block_unverified": True})

    assert (one.fate, one.base.reasons, one.draft.reasons) == ("stopped", (), ("POINT_UNVERIFIED",))


def test_what_waits_counts_for_what_follows_under_the_policy_that_lets_it_leave():
    debtor = make_debtor()
    sms = make_waiting(debtor=debtor)
    email = make_waiting(debtor=debtor, not_before=NOW + timedelta(hours=2), channel=Channel.EMAIL)

    one, other = replayed(draft=EASY | {"caps": {"total": {"per_day": 1}}})
    assert (one.contact_id, one.fate) == (sms.pk, "same")
    assert (other.contact_id, other.fate) == (email.pk, "later")

    one, other = replayed(draft=EASY | {"channels": ["email"], "caps": {"total": {"per_day": 1}}})
    assert [one.fate, other.fate] == ["stopped", "same"]


def test_local_rules_narrow_both_policies():
    make_contact(debtor=make_debtor(phone="+5521999990004"), at=NOW - timedelta(days=1))  # noon
    make_overlay(now=NOW, state="RJ", windows=daily("13:00", "14:00"))

    [one] = replayed(base=EASY | {"channels": []}, draft=EASY)

    assert one.draft.reasons == ("OUTSIDE_HOURS",)
    assert one.draft.at == datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
    assert one.state == "RJ"


def test_a_pause_is_left_out_of_account_and_so_is_what_no_policy_is_in_force():
    make_policy(now=NOW, is_paused=True)
    make_waiting()

    assert [each.fate for each in replayed(draft=EASY)] == ["same"]
    assert [each.fate for each in replayed(base=None, draft=EASY)] == ["newly"]


def test_public_holidays_of_the_state_follow_the_policy_in_question():
    debtor = make_debtor(phone=None)
    make_address(debtor=debtor, city="Rio de Janeiro", state="RJ")
    make_phone(debtor=debtor)
    tomorrow = datetime(2026, 11, 20, 15, tzinfo=UTC)  # Consciência Negra
    make_waiting(debtor=debtor, not_before=tomorrow)

    [one] = replayed(draft=EASY | {"close_public_holidays": True})

    assert (one.fate, one.because_of) == ("later", ("HOLIDAY",))


def test_the_state_is_where_one_lives_several_where_it_may_be_several_and_none_where_nothing_is_known():
    for phone in ("+5511999990001", "+5561999990001", None):
        make_waiting(debtor=make_debtor(phone=phone))

    assert [each.state for each in replayed()] == ["SP", "+", ""]


@pytest.mark.parametrize("people", [1, 4])
def test_the_rows_are_read_in_as_many_queries_for_many_as_for_one(django_assert_num_queries, people):
    make_policy(now=NOW)
    for _number in range(people):
        debtor = make_waiting().debtor
        make_contact(debtor=debtor, at=NOW - timedelta(days=3))
        make_promise(debtor=debtor, promised_on=NOW.date(), now=NOW)
    debtors = [debtor for debtor, _contacts in replay.debtors_to_replay(now=NOW)]

    with django_assert_num_queries(15):
        found = list(replay.replay(debtors, base=EASY, draft=EASY | {"message_first": True}, now=NOW))

    assert len(found) == 2 * people


def test_what_would_be_free_only_when_it_is_too_late_is_stopped_and_not_merely_later():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    waits = make_contact(debtor=debtor, at=NOW, state=ContactState.PLANNED)
    tomorrow = {"windows": {"thu": [["12:00", "21:00"]]}}

    def fate(expires_at):
        Contact.objects.filter(pk=waits.pk).update(point=None, expires_at=expires_at)
        (replayed,) = replay.replay([debtor.pk], base=EASY_TERMS, draft=EASY_TERMS | tomorrow, now=NOW)
        return replayed.fate

    assert fate(None) == fate(NOW + timedelta(days=3)) == "later"
    assert fate(NOW + timedelta(hours=12)) == "stopped"
