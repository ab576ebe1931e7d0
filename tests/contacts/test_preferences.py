"""What a debtor asked for: best times and channels not wanted narrow the policy for him, from then on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from contacts import queries
from contacts.models import Contact, Preference
from contacts.rules.reading import MalformedError
from contacts.services import admission, outbox, preferences
from contacts.vocabulary import Channel, ContactState
from tests.factories import (
    house_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
ANY_TIME = {}


@pytest.fixture
def debtor():
    make_policy(now=MONDAY_10AM, hours_exempt_channels=["email"])
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


def wish(debtor, *, windows=ANY_TIME, unwanted=(), at=MONDAY_10AM):
    return preferences.keep(
        debtor=debtor, windows=windows, unwanted_channels=unwanted, source="ao telefone", by=None, now=at
    )


def verdict(debtor, channel=Channel.SMS, at=MONDAY_10AM):
    return queries.may_contact(debtor=debtor, channel=channel, now=at).best


def admitted_sms(debtor):
    contact = outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
    return admission.admit(outbox.claim_one(contact, now=MONDAY_10AM), now=MONDAY_10AM), contact


def test_outside_his_best_times_he_is_left_alone_and_called_back_within_them(debtor):
    wish(debtor, windows={"mon": [["18:00", "20:00"]]})

    found = verdict(debtor)

    assert found.reasons == ("OUTSIDE_HOURS",)
    assert found.next_allowed == MONDAY_10AM.replace(hour=21)
    assert verdict(debtor, at=MONDAY_10AM + timedelta(days=1)).is_allowed  # of Tuesdays he said nothing


def test_his_times_bind_channels_that_the_policy_exempts_from_hours(debtor):
    assert verdict(debtor, Channel.EMAIL).is_allowed

    wish(debtor, windows=daily("18:00", "20:00"))

    assert verdict(debtor, Channel.EMAIL).reasons == ("OUTSIDE_HOURS",)


def test_a_channel_that_he_does_not_want_is_switched_off_for_him_alone(debtor):
    other = make_debtor()
    make_debt(debtor=other)

    wish(debtor, unwanted=[Channel.SMS])

    assert verdict(debtor).reasons == ("CHANNEL_DISABLED",)
    assert verdict(debtor, Channel.VOICE).is_allowed
    assert verdict(other).is_allowed


def test_a_wish_never_widens_the_policy(debtor):
    wish(debtor, windows=daily("00:00", "24:00"))

    assert verdict(debtor, at=MONDAY_10AM.replace(hour=9)).reasons == ("OUTSIDE_HOURS",)


def test_what_he_asks_for_now_takes_the_place_of_what_he_asked_for_before(debtor):
    wish(debtor, unwanted=[Channel.SMS])
    later = MONDAY_10AM + timedelta(minutes=1)

    now_in_force = wish(debtor, unwanted=[Channel.VOICE], at=later)

    assert verdict(debtor, at=later).is_allowed
    assert Preference.objects.get(active_until=None) == now_in_force
    assert Preference.objects.count() == 2


def test_the_database_keeps_one_preference_in_force(debtor):
    wish(debtor)

    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(debtor=debtor, source="x", active_from=MONDAY_10AM)


def test_an_ended_wish_binds_no_longer_and_what_it_refused_is_judged_again(debtor):
    kept = wish(debtor, unwanted=[Channel.SMS])
    admitted, contact = admitted_sms(debtor)
    contact.refresh_from_db()
    assert (admitted, contact.state) == (None, ContactState.BLOCKED)

    manager = make_manager()
    preferences.end(kept, source="disse ao telefone", by=manager, now=MONDAY_10AM + timedelta(minutes=1))

    kept.refresh_from_db()
    assert (kept.end_source, kept.ended_by) == ("disse ao telefone", manager)

    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED
    assert verdict(debtor, at=MONDAY_10AM + timedelta(minutes=1)).is_allowed


def test_a_wish_told_between_admission_and_hand_over_keeps_the_message_here(debtor):
    admitted, _contact = admitted_sms(debtor)

    wish(debtor, unwanted=[Channel.SMS])

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)


def test_hours_that_cannot_be_read_are_not_kept(debtor):
    with pytest.raises(MalformedError):
        wish(debtor, windows={"mon": [["20:00", "18:00"]]})

    assert not Preference.objects.exists()


def test_wishes_and_rules_narrow_together(debtor):
    make_overlay(now=MONDAY_10AM, state="SP", windows=daily("08:00", "19:00"))
    preferences.keep(
        debtor=debtor,
        windows=daily("18:00", "20:00"),
        unwanted_channels=[],
        source="e-mail",
        by=make_manager(),
        now=MONDAY_10AM,
    )

    assert verdict(debtor, at=MONDAY_10AM.replace(hour=21, minute=59)).is_allowed
    assert not verdict(debtor, at=MONDAY_10AM.replace(hour=22)).is_allowed
