"""Whom a local rule binds: by channel, creditor, place and segment; where nothing is known, in doubt."""

import pytest

from contacts.rules.closed_days import Place
from contacts.rules.narrowing import narrow, overlay_from_json
from contacts.rules.reach import Reach, Whom, binds, terms_of_wishes
from tests.factories.gate import every_day, make_terms


@pytest.mark.parametrize(
    ("reach", "is_bound"),
    [
        (Reach(state="SP"), True),
        (Reach(state="RJ"), True),
        (Reach(state="MG"), False),
        (Reach(state="SP", city="sao paulo"), True),
        (Reach(state="SP", city="campinas"), False),
        (Reach(state="RJ", city="niteroi"), True),  # somewhere in RJ: perhaps there
        (Reach(state="MG", city="niteroi"), False),
        (Reach(creditor_id=7), True),
        (Reach(creditor_id=8), False),
        (Reach(segment_id=1), True),
        (Reach(segment_id=3), False),
    ],
)
@pytest.mark.parametrize(
    ("channels", "is_about_calls"), [((), True), (("voice", "sms"), True), (("sms",), False)]
)
def test_a_rule_binds_whoever_may_be_meant_and_its_own_channels_only(
    reach, is_bound, channels, is_about_calls
):
    places = frozenset({Place("SP", "sao paulo"), Place("RJ")})
    whom = Whom(places=places, creditor_ids=frozenset({7}), segments=frozenset({1, 2}))
    rule = Reach(
        channels=frozenset(channels),
        creditor_id=reach.creditor_id,
        state=reach.state,
        city=reach.city,
        segment_id=reach.segment_id,
    )

    assert binds(rule, whom=whom, channel="voice") is (is_bound and is_about_calls)


def test_a_contact_for_no_creditor_is_bound_by_no_creditors_rule():
    whom = Whom(places=frozenset({Place("SP", "sao paulo")}))

    assert not binds(Reach(creditor_id=7), whom=whom, channel="voice")


def test_of_whom_no_place_is_known_every_places_rule_binds():
    whom = Whom(places=frozenset())

    assert binds(Reach(state="SP"), whom=whom, channel="sms")
    assert binds(Reach(state="MG", city="uberaba"), whom=whom, channel="sms")
    assert not binds(Reach(state="SP", channels=frozenset({"voice"})), whom=whom, channel="sms")


def said(**wishes):
    wishes = {"windows": {}, "unwanted": [], "channels": ["sms", "voice", "letter"]} | wishes
    return overlay_from_json(terms_of_wishes(**wishes), year=2026)


def test_a_debtor_without_wishes_narrows_nothing():
    assert said().says == frozenset()


def test_best_times_bind_the_days_he_spoke_of_and_leave_the_others_as_they_are():
    base = make_terms(windows=every_day(("08:30", "21:00")), hours_exempt_channels=frozenset({"email"}))

    narrowed = narrow(base, said(windows={"mon": [["18:00", "22:00"]], "sun": []}))

    assert narrowed.windows[0] == every_day(("18:00", "21:00"))[0]
    assert narrowed.windows[1:6] == base.windows[1:6]
    assert narrowed.windows[6] == ()
    assert narrowed.hours_exempt_channels == frozenset()


@pytest.mark.parametrize("counts", [True, False])
def test_at_the_last_moment_of_his_hours_the_policy_is_read_as_ever(counts):
    base = make_terms(window_end_inclusive=counts)

    assert narrow(base, said(windows={"mon": [["18:00", "20:00"]]})).window_end_inclusive is counts


def test_channels_he_does_not_want_are_taken_out():
    assert narrow(make_terms(), said(unwanted=["voice", "letter"])).channels == {"sms"}
