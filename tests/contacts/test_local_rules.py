"""Local rules: whom they bind, that they only narrow, and that they bind the moment they are committed."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import JSONField, Value

from contacts import queries
from contacts.models import Attempt, Contact, Overlay, OverlayChange, PolicyHead, Preference
from contacts.queries import terms as resolving
from contacts.rules.default_overlays import STATE_RULES
from contacts.rules.narrowing import overlay_from_json
from contacts.rules.reading import MalformedError
from contacts.services import admission, defaults, outbox, overlays, policy
from contacts.services.overlays import ReasonMissingError
from contacts.vocabulary import AttemptState, Certainty, Channel, ContactState, OverlayEvent
from debtors.models import ContactPoint, Segment
from debtors.vocabulary import PointStatus
from tests.factories import (
    house_creditor,
    make_address,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_template,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
EVENING = daily("18:00", "20:00")
CALL, SMS = Channel.VOICE, Channel.SMS


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    return make_policy(now=MONDAY_10AM)


def owing(**what):
    debtor = make_debtor(**what)
    make_debt(debtor=debtor)
    return debtor


def reasons(debtor, channel=SMS, creditor=None):
    creditor_id = creditor.pk if creditor else None
    asked = queries.may_contact(debtor=debtor, channel=channel, now=MONDAY_10AM, creditor_id=creditor_id)
    return asked.best.reasons


def want_sms(debtor):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )


def admit(debtor):
    """Return the permission to write to the debtor, or None, and his contact as it stands now."""
    contact = want_sms(debtor)
    claimed = outbox.claim_one(contact, now=MONDAY_10AM)
    admitted = admission.admit(claimed, now=MONDAY_10AM) if claimed else None
    contact.refresh_from_db()
    return admitted, contact


# Whom they bind


def test_a_states_rule_binds_who_lives_there_whatever_his_number():
    make_overlay(now=MONDAY_10AM, state="RJ", windows=EVENING)
    in_rio, in_sao_paulo = owing(), owing(phone="+5521987654321")
    make_address(debtor=in_rio, city="Niterói", state="RJ")
    make_address(debtor=in_sao_paulo, city="São Paulo", state="SP")

    assert reasons(in_rio) == ("OUTSIDE_HOURS",)
    assert reasons(in_sao_paulo) == ()


def test_of_whom_no_address_is_known_every_state_of_his_numbers_binds():
    make_overlay(now=MONDAY_10AM, state="RJ", windows=EVENING)
    debtor = owing()
    assert reasons(debtor) == ()

    make_phone(debtor=debtor, number="+5521987654321")

    assert reasons(debtor) == ("OUTSIDE_HOURS",)


def test_of_whom_no_place_at_all_is_known_the_rules_of_all_states_bind():
    make_policy(now=MONDAY_10AM, fallback_time_zones=["America/Sao_Paulo"])
    make_overlay(now=MONDAY_10AM, state="RJ", windows=EVENING)

    assert reasons(owing(phone=None), Channel.EMAIL) == ("OUTSIDE_HOURS",)


def test_a_municipalitys_rule_binds_who_lives_there_however_it_is_spelled():
    make_overlay(now=MONDAY_10AM, state="SP", city="São Paulo", windows=EVENING)
    at_home, elsewhere, somewhere = owing(), owing(), owing()
    make_address(debtor=at_home, city="SAO PAULO", state="SP")
    make_address(debtor=elsewhere, city="Campinas", state="SP")
    make_address(debtor=somewhere, city="", state="SP")

    assert reasons(at_home) == ("OUTSIDE_HOURS",)
    assert reasons(elsewhere) == ()
    assert reasons(somewhere) == ("OUTSIDE_HOURS",)


def test_a_creditors_rule_binds_what_is_asked_for_him_only():
    strict, other = make_creditor(), make_creditor()
    make_overlay(now=MONDAY_10AM, creditor=strict, windows=EVENING)
    debtor = make_debtor()
    make_debt(debtor=debtor, creditor=strict)
    make_debt(debtor=debtor, creditor=other)

    assert reasons(debtor, creditor=strict) == ("OUTSIDE_HOURS",)
    assert reasons(debtor, creditor=other) == ()


def test_a_segments_rule_binds_its_members_only():
    flooded = Segment.objects.create(name="Enchente")
    make_overlay(now=MONDAY_10AM, segment=flooded, windows=EVENING)
    member, other = owing(), owing()
    overlays.join(flooded, debtors=[member.pk], now=MONDAY_10AM)

    assert reasons(member) == ("OUTSIDE_HOURS",)
    assert reasons(other) == ()


def test_a_rule_about_calls_leaves_messages_alone():
    make_overlay(now=MONDAY_10AM, state="SP", channels=(CALL,), windows=EVENING)
    debtor = owing()

    assert reasons(debtor, CALL) == ("OUTSIDE_HOURS",)
    assert reasons(debtor, SMS) == ()


def test_a_rule_that_is_switched_off_binds_nobody():
    make_overlay(now=MONDAY_10AM, state="SP", windows=EVENING, is_on=False)

    assert reasons(owing()) == ()


def test_all_that_bind_narrow_together_and_are_named():
    flooded = Segment.objects.create(name="Enchente")
    rules = [
        make_overlay(now=MONDAY_10AM, state="SP", windows=daily("09:00", "19:00")),
        make_overlay(now=MONDAY_10AM, segment=flooded, windows=daily("11:00", "21:00")),
        make_overlay(now=MONDAY_10AM, creditor=house_creditor(), caps={"total": {"per_day": 1}}),
    ]
    debtor = owing()
    overlays.join(flooded, debtors=[debtor.pk], now=MONDAY_10AM)

    asked = queries.may_contact(debtor=debtor, channel=SMS, now=MONDAY_10AM, creditor_id=house_creditor().pk)

    assert asked.rules == tuple(sorted(rule.pk for rule in rules))
    assert [(window.start_minute, window.end_minute) for window in asked.terms.windows[0]] == [(660, 1140)]
    assert asked.terms.windows[6] == ()  # the house's Sunday stays closed
    assert asked.terms.total_cap.per_day == 1
    assert asked.best.next_allowed == MONDAY_10AM + timedelta(hours=1)


def test_a_pause_of_the_house_stays_a_pause_under_any_rule():
    make_policy(now=MONDAY_10AM, is_paused=True)
    make_overlay(now=MONDAY_10AM, state="SP", paused=False)

    assert reasons(owing()) == ("PAUSED",)


def test_a_rule_closes_the_holidays_of_the_debtors_own_state_where_the_policy_does_not():
    civic_day = datetime(2026, 7, 9, 13, tzinfo=UTC)  # São Paulo's
    debtor = owing()
    asked = queries.may_contact(debtor=debtor, channel=SMS, now=civic_day)
    assert asked.best.is_allowed

    make_overlay(now=civic_day, creditor=house_creditor(), close_public_holidays=True)

    asked = queries.may_contact(debtor=debtor, channel=SMS, now=civic_day, creditor_id=house_creditor().pk)
    assert asked.best.reasons == ("HOLIDAY",)


# A thousand debtors


def test_many_debtors_under_the_same_rules_cost_one_narrowing_and_as_many_queries_as_one(
    django_assert_num_queries,
):
    flooded = Segment.objects.create(name="Enchente")
    make_overlay(now=MONDAY_10AM, state="SP", windows=daily("09:00", "19:00"))
    make_overlay(now=MONDAY_10AM, segment=flooded, windows=daily("09:30", "19:00"))
    debtors = [make_debtor() for _number in range(30)]
    overlays.join(flooded, debtors=[debtor.pk for debtor in debtors[::2]], now=MONDAY_10AM)
    resolving._narrowed.cache_clear()

    for some in (debtors[:2], debtors):
        with django_assert_num_queries(4):
            rulebook = resolving.rulebook([debtor.pk for debtor in some], now=MONDAY_10AM)
        found = [
            rulebook.resolve(debtor.pk, places=frozenset(), channel=SMS, creditor_ids=frozenset())
            for debtor in some
        ]
        assert len({id(each.terms) for each in found}) == 2

    assert resolving._narrowed.cache_info().misses == 2


def test_without_a_segments_rule_nobody_asks_who_is_in_which(django_assert_num_queries):
    make_overlay(now=MONDAY_10AM, state="SP", windows=EVENING)

    with django_assert_num_queries(3):
        resolving.rulebook([1], now=MONDAY_10AM)


# Fail closed


def test_whoever_is_bound_by_what_cannot_be_read_is_not_contacted_and_others_are(caplog):
    broken = make_overlay(now=MONDAY_10AM, state="RJ", windows=EVENING)
    Overlay.objects.filter(pk=broken.pk).update(terms={"windos": {}})
    here, there = owing(), owing(phone="+5521987654321")

    with caplog.at_level(logging.ERROR):
        assert reasons(there) == ("TERMS_UNREADABLE",)

    assert "cannot be read" in caplog.text
    assert reasons(here) == ()
    assert resolving.unreadable_rules(year=2026) == [broken]


def test_a_policy_that_cannot_be_read_stops_everything_and_no_page_breaks():
    make_policy(now=MONDAY_10AM, windows={"mon": "all day"})

    assert reasons(owing()) == ("TERMS_UNREADABLE",)


def test_what_the_gate_cannot_read_is_not_kept():
    with pytest.raises(MalformedError, match=r"windows\.mon"):
        make_overlay(now=MONDAY_10AM, state="SP", windows={"mon": [["20:00", "08:00"]]})

    assert not Overlay.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "state", "state": ""},
        {"level": "city", "state": "SP", "city": ""},
        {"level": "state", "state": "SP", "city": "Campinas"},
        {"level": "creditor"},
        {"level": "segment"},
        {"level": "state", "state": "SP", "law": "Lei 1/2026"},
    ],
)
def test_the_database_refuses_a_rule_about_nothing_and_a_law_without_source(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Overlay.objects.create(name="x", **fields)


# Switching, and its history


def test_a_law_is_switched_off_with_a_written_reason_only_and_by_whom_is_kept():
    law, manager = make_overlay(now=MONDAY_10AM, state="SP", is_law=True, windows=EVENING), make_manager()

    with pytest.raises(ReasonMissingError):
        overlays.switch(law, is_on=False, by=manager, reason="  ", now=MONDAY_10AM)
    overlays.switch(law, is_on=False, by=manager, reason="Revogada em 20/11", now=MONDAY_10AM)

    last = OverlayChange.objects.first()
    assert (last.what, last.by, last.reason) == (OverlayEvent.SWITCHED_OFF, manager, "Revogada em 20/11")
    assert last.said["is_on"] is False
    assert not Overlay.objects.get().is_on


def test_a_law_is_not_weakened_without_a_reason_by_changing_what_it_says_or_whom_it_binds():
    law = make_overlay(now=MONDAY_10AM, state="SP", is_law=True, windows=EVENING)

    for change in (
        {"terms": {}},
        {"channels": ["sms"]},
        {"state": "RJ"},
        {"law": "", "is_on": False},
        {"law": ""},
    ):
        for name, value in change.items():
            setattr(law, name, value)
        with pytest.raises(ReasonMissingError):
            overlays.keep(law, by=None, now=MONDAY_10AM)
        law.refresh_from_db()


def test_words_about_a_law_are_corrected_without_a_reason():
    law = make_overlay(now=MONDAY_10AM, state="SP", is_law=True, windows=EVENING)
    law.review_by = date(2028, 1, 1)

    overlays.keep(law, by=None, now=MONDAY_10AM)

    assert [change.what for change in law.changes.all()] == [OverlayEvent.CHANGED, OverlayEvent.WRITTEN]


def test_a_rule_of_the_houses_own_is_switched_freely_and_once():
    rule, manager = make_overlay(now=MONDAY_10AM, state="SP"), make_manager()

    for _time in range(2):
        overlays.switch(rule, is_on=False, by=manager, reason="", now=MONDAY_10AM)
    overlays.switch(rule, is_on=True, by=manager, reason="", now=MONDAY_10AM)

    assert [change.what for change in rule.changes.all()] == [
        OverlayEvent.SWITCHED_ON,
        OverlayEvent.SWITCHED_OFF,
        OverlayEvent.WRITTEN,
    ]


def test_the_history_is_never_edited_not_even_past_the_models():
    line = make_overlay(now=MONDAY_10AM, state="SP").changes.get()

    for refused in (OverlayChange.objects.all().update, OverlayChange.objects.all().delete):
        with pytest.raises(TypeError):
            refused()
    for sql in ("UPDATE contacts_overlaychange SET reason = 'x'", "DELETE FROM contacts_overlaychange"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    line.refresh_from_db()
    assert line.reason == ""


# It binds at once


def test_a_rule_committed_before_admission_binds_it():
    make_overlay(now=MONDAY_10AM, state="SP", windows=EVENING)

    admitted, contact = admit(owing())

    assert admitted is None
    assert contact.objections == ["OUTSIDE_HOURS"]


def test_a_rule_committed_between_admission_and_hand_over_takes_the_permission_back():
    admitted, contact = admit(owing())

    make_overlay(now=MONDAY_10AM, state="SP", windows=EVENING)

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)
    contact.refresh_from_db()
    assert (contact.state, contact.started_at) == (ContactState.PLANNED, None)
    assert Attempt.objects.get().state == AttemptState.NOT_SENT


def test_what_a_rule_refused_is_judged_again_when_it_is_loosened_and_not_when_another_is_tightened():
    rule = make_overlay(now=MONDAY_10AM, state="SP", channels=(SMS,), paused=True)
    _admitted, contact = admit(owing())
    assert contact.state == ContactState.BLOCKED
    changed_at = PolicyHead.objects.get().changed_at

    later = MONDAY_10AM + timedelta(minutes=5)
    make_overlay(now=later, state="SP", channels=(CALL,), paused=True)
    contact.refresh_from_db()
    assert contact.state == ContactState.BLOCKED
    assert PolicyHead.objects.get().changed_at == changed_at

    overlays.switch(rule, is_on=False, by=make_manager(), reason="", now=later)
    contact.refresh_from_db()
    assert (contact.state, contact.not_before) == (ContactState.PLANNED, later)
    assert PolicyHead.objects.get().changed_at == later


def test_joining_a_segment_takes_back_what_is_about_to_leave_and_leaving_it_lets_be_judged_again():
    flooded = Segment.objects.create(name="Enchente")
    make_overlay(now=MONDAY_10AM, segment=flooded, paused=True)
    debtor = owing()
    admitted, contact = admit(debtor)

    assert overlays.join(flooded, debtors=[debtor.pk], now=MONDAY_10AM) == 1
    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)
    _admitted, contact = admit(debtor)
    assert contact.objections == ["PAUSED"]

    assert overlays.leave(flooded, debtors=[debtor.pk], now=MONDAY_10AM) == 1
    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_changes_a_rule_waits_for_the_admissions_under_way_and_then_takes_them_back():
    contact = want_sms(owing())
    claimed = outbox.claim_one(contact, now=MONDAY_10AM)
    is_switched = Event()

    def switch_on():
        try:
            make_overlay(now=MONDAY_10AM, state="SP", paused=True)
            is_switched.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            admitted = admission.admit(claimed, now=MONDAY_10AM)
            work = threads.submit(switch_on)
            assert not is_switched.wait(0.5)
        work.result()

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)
    assert admission.admit(outbox.claim(now=MONDAY_10AM, limit=1)[0], now=MONDAY_10AM) is None


# As shipped


def test_the_rules_of_the_states_are_shipped_once_and_the_weak_ones_off():
    assert overlays.ship(now=MONDAY_10AM) == len(STATE_RULES)
    assert overlays.ship(now=MONDAY_10AM) == 0

    on = Overlay.objects.filter(is_on=True)
    assert sorted(on.values_list("state", flat=True)) == ["AL", "RJ", "SP"]
    assert not on.filter(certainty=Certainty.UNCONFIRMED).exists()
    assert not Overlay.objects.filter(is_on=False).exclude(certainty=Certainty.UNCONFIRMED).exists()
    assert OverlayChange.objects.count() == len(STATE_RULES)


def test_shipping_again_overwrites_nothing_that_a_manager_changed():
    overlays.ship(now=MONDAY_10AM)
    rule = Overlay.objects.get(shipped_as="SP-17832-2023")
    rule.name, rule.terms, rule.is_on = "Minha", {"paused": True}, False
    overlays.keep(rule, by=make_manager(), reason="revista pelo jurídico", now=MONDAY_10AM)

    defaults.ship(now=MONDAY_10AM)

    rule.refresh_from_db()
    assert (rule.name, rule.terms, rule.is_on) == ("Minha", {"paused": True}, False)


def test_a_house_without_anything_gets_policy_and_rules_of_the_states():
    PolicyHead.objects.all().delete()

    shipped = defaults.ship(now=MONDAY_10AM)

    assert policy.ship_default(now=MONDAY_10AM) == shipped
    assert Overlay.objects.count() == len(STATE_RULES)


@pytest.mark.parametrize("rule", STATE_RULES, ids=lambda rule: rule.key)
def test_a_shipped_rule_can_be_read_has_its_source_and_is_to_be_reviewed(rule):
    said = overlay_from_json(rule.terms, year=2026, state=rule.state)

    assert {"windows", "holidays", "hours_exempt_channels", "dates_exempt_channels"} <= said.says
    assert said.terms.windows[6] == ()
    assert rule.source
    assert rule.law
    assert rule.reviewed_on < rule.review_by
    assert rule.is_on is (rule.certainty != Certainty.UNCONFIRMED)


@pytest.mark.parametrize(
    ("state", "local", "is_allowed"),
    [
        ("SP", (23, 8, 0), True),
        ("SP", (23, 7, 59), False),
        ("SP", (23, 19, 59), True),
        ("SP", (23, 20, 0), False),
        ("SP", (28, 13, 59), True),
        ("SP", (28, 14, 0), False),
        ("SP", (29, 10, 0), False),
        ("RJ", (23, 8, 59), False),
        ("RJ", (23, 9, 0), True),
        ("RJ", (23, 19, 0), False),
        ("RJ", (28, 10, 0), False),
        ("MG", (23, 20, 30), True),
    ],
)
def test_calls_keep_the_hours_of_the_state_to_the_minute(state, local, is_allowed):
    make_policy(now=MONDAY_10AM, windows=daily("00:00", "24:00"), hours_exempt_channels=["voice"])
    overlays.ship(now=MONDAY_10AM)
    debtor = owing()
    make_address(debtor=debtor, city="Centro", state=state)
    day, hour, minute = local
    at = datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=3)

    asked = queries.may_contact(debtor=debtor, channel=CALL, now=at)

    assert asked.best.is_allowed is is_allowed
    assert queries.may_contact(debtor=debtor, channel=SMS, now=at).best.is_allowed


def silence(point):
    ContactPoint.objects.filter(pk=point.pk).update(status=PointStatus.DO_NOT_CONTACT)


def test_whoever_wants_no_letters_still_lives_where_he_lives():
    make_overlay(now=MONDAY_10AM, state="RJ", windows=EVENING)
    debtor = owing()
    silence(make_address(debtor=debtor, city="Niterói", state="RJ"))

    assert reasons(debtor) == ("OUTSIDE_HOURS",)


def test_a_home_that_is_his_counts_more_than_numbers_and_beside_another_that_is_silent():
    make_overlay(now=MONDAY_10AM, state="MG", windows=EVENING)
    at_home = owing(phone="+5531987654321")
    make_address(debtor=at_home, city="Campinas", state="SP")
    with_two = owing(phone="+5511987650002")
    make_address(debtor=with_two, city="Campinas", state="SP")
    silence(make_address(debtor=with_two, street="Rua B, 2", city="Ouro Preto", state="MG"))

    assert reasons(at_home) == ()
    assert reasons(with_two) == ("OUTSIDE_HOURS",)


def test_asked_for_nobody_in_particular_the_rules_of_all_to_whom_he_owes_bind():
    strict = make_creditor()
    make_overlay(now=MONDAY_10AM, creditor=strict, windows=EVENING)
    debtor = make_debtor()
    make_debt(debtor=debtor, creditor=strict)
    make_debt(debtor=debtor)

    assert reasons(debtor) == ("OUTSIDE_HOURS",)
    assert reasons(owing(phone="+5511987650002")) == ()


@pytest.mark.parametrize("channels", [None, 5, "sms", ["call"], {"voice": 1}, [["sms"]]])
def test_a_rule_of_which_nobody_can_say_what_it_is_about_stops_whoever_it_may_bind(channels):
    rule = make_overlay(now=MONDAY_10AM, state="SP", block_unverified=False)
    Overlay.objects.filter(pk=rule.pk).update(channels=Value(channels, JSONField()))

    assert reasons(owing()) == ("TERMS_UNREADABLE",)
    assert resolving.unreadable_rules(year=2026) == [rule]


@pytest.mark.parametrize(
    ("windows", "unwanted"),
    [
        ([1], []),
        ({"xyz": []}, []),
        ({"tue": None}, ["x"]),
        ({"mon": [["18:00"]]}, []),
        ({"mon": 7}, []),
        ({}, None),
        ({}, "sms"),
        ({}, ["call"]),
    ],
)
def test_a_wish_that_nobody_can_read_stops_contact_with_whoever_said_it(windows, unwanted):
    debtor, other = owing(), owing(phone="+5511987650002")
    said = Preference.objects.create(debtor=debtor, source="x", active_from=MONDAY_10AM - timedelta(days=1))
    Preference.objects.filter(pk=said.pk).update(
        windows=Value(windows, JSONField()), unwanted_channels=Value(unwanted, JSONField())
    )

    assert reasons(debtor) == ("TERMS_UNREADABLE",)
    assert reasons(other) == ()


@pytest.mark.parametrize(
    "terms",
    [
        {"caps": {"total": {"gap_minutes": 31 * 24 * 60 + 1}}},
        {"caps": {"point": {"gap_minutes": 31 * 24 * 60 + 1}}},
        {"caps": {"channels": {"sms": {"gap_minutes": 31 * 24 * 60 + 1}}}},
        {"conversation_cooldown_hours": 31 * 24 + 1},
    ],
)
def test_no_rule_and_no_policy_reaches_further_back_than_contacts_are_looked_for(terms):
    with pytest.raises(MalformedError, match="further back"):
        make_overlay(now=MONDAY_10AM, state="SP", **terms)
    with pytest.raises(MalformedError, match="further back"):
        policy.check_terms({"channels": ["sms"]} | terms)
    at_most = make_overlay(now=MONDAY_10AM, state="SP", caps={"total": {"gap_minutes": 31 * 24 * 60}})
    Overlay.objects.filter(pk=at_most.pk).update(terms=terms)
    assert reasons(owing()) == ("TERMS_UNREADABLE",)
