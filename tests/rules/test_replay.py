"""What a draft changes of one contact, and how many are counted where."""

import json
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.replay import Answer, Replayed, Tally
from tests.factories.gate import SAO_PAULO, at

NOON = at("2026-11-18 15:00")  # in São Paulo 12:00
LATER, LATEST = NOON + timedelta(hours=3), NOON + timedelta(days=3)
FREE = Answer((), NOON)
OFFICE = ZoneInfo(SAO_PAULO)


def put_off(moment, *codes):
    return Answer(codes or ("OUTSIDE_HOURS",), moment)


def make_replayed(base=FREE, draft=FREE, *, is_planned=True, state="SP", contact_id=1):
    return Replayed(
        contact_id=contact_id,
        debtor_id=contact_id + 70,
        channel="sms",
        at=NOON,
        is_planned=is_planned,
        state=state,
        base=base,
        draft=draft,
    )


def make_tally(*replayed):
    tally = Tally(first_day=date(2026, 11, 18), zone=OFFICE)
    for each in replayed:
        tally.add(each)
    return tally


@pytest.mark.parametrize(
    ("base", "draft", "fate"),
    [
        (FREE, FREE, "same"),
        (put_off(LATER), put_off(LATER), "same"),
        (put_off(None), put_off(None), "refused"),
        (FREE, put_off(None), "stopped"),
        (put_off(LATER), put_off(None), "stopped"),
        (FREE, put_off(LATER), "later"),
        (put_off(LATER), put_off(LATEST), "later"),
        (put_off(LATER), FREE, "newly"),
        (put_off(None), FREE, "newly"),
        (put_off(None), put_off(LATER), "newly"),
        (put_off(LATEST), put_off(LATER), "sooner"),
    ],
)
def test_what_becomes_of_a_contact(base, draft, fate):
    assert make_replayed(base, draft).fate == fate


@pytest.mark.parametrize(
    ("base", "draft", "codes"),
    [
        (FREE, put_off(None, "CHANNEL_DISABLED", "OUTSIDE_HOURS"), ("CHANNEL_DISABLED", "OUTSIDE_HOURS")),
        (put_off(LATER, "HOLIDAY"), put_off(None, "CHANNEL_DISABLED", "HOLIDAY"), ("CHANNEL_DISABLED",)),
        (put_off(LATER, "HOLIDAY", "BIRTHDAY"), put_off(NOON + timedelta(1), "HOLIDAY"), ("HOLIDAY",)),
        (put_off(LATEST, "HOLIDAY", "BIRTHDAY"), put_off(LATER, "HOLIDAY"), ("BIRTHDAY",)),
        (put_off(LATER, "CAP_DAY_TOTAL"), FREE, ("CAP_DAY_TOTAL",)),
    ],
)
def test_the_rule_that_makes_the_difference_is_the_stricter_policys_own(base, draft, codes):
    assert make_replayed(base, draft).because_of == codes


def test_contacts_are_counted_by_what_becomes_of_them_by_rule_and_by_state():
    tally = make_tally(
        make_replayed(is_planned=False),
        make_replayed(draft=put_off(None, "CHANNEL_DISABLED"), is_planned=False),
        make_replayed(draft=put_off(None, "CHANNEL_DISABLED")),
        make_replayed(draft=put_off(LATER, "OUTSIDE_HOURS"), state="AM"),
        make_replayed(base=put_off(None, "HOLIDAY"), state=""),
    )

    assert tally.counts == {
        "past": {"same": 1, "stopped": 1},
        "planned": {"stopped": 1, "later": 1, "newly": 1},
    }
    assert tally.rules == {
        "CHANNEL_DISABLED": {"stopped": 2},
        "OUTSIDE_HOURS": {"later": 1},
        "HOLIDAY": {"newly": 1},
    }
    assert tally.states == {
        "SP": {"judged": 3, "stopped": 2},
        "AM": {"judged": 1, "later": 1},
        "": {"judged": 1, "newly": 1},
    }
    assert tally.judged == 5


def test_the_heat_map_shows_what_is_planned_by_the_offices_clock_under_both():
    tally = make_tally(
        make_replayed(),
        make_replayed(draft=put_off(at("2026-11-19 02:59"))),  # 23:59 of the first day in São Paulo
        make_replayed(draft=put_off(at("2026-11-25 02:59"))),  # 23:59 of the seventh day
        make_replayed(draft=put_off(at("2026-11-25 03:00"))),  # the eighth day
        make_replayed(draft=put_off(None)),
        make_replayed(is_planned=False),
    )

    assert hot(tally.heat["base"]) == {(0, 12): 5}
    assert hot(tally.heat["draft"]) == {(0, 12): 1, (0, 23): 1, (6, 23): 1}


def hot(week):
    return {(day, hour): n for day, hours in enumerate(week) for hour, n in enumerate(hours) if n}


def test_five_examples_of_each_kind_one_for_a_debtor_are_kept_with_what_was_and_what_would_be():
    tally = make_tally(
        make_replayed(draft=put_off(LATER, "HOLIDAY"), contact_id=0),
        *[make_replayed(draft=put_off(LATER, "HOLIDAY"), contact_id=number) for number in range(7)],
        make_replayed(),
    )

    assert [example["contact"] for example in tally.examples["later"]] == [0, 1, 2, 3, 4]
    assert tally.examples["later"][0] == {
        "contact": 0,
        "debtor": 70,
        "channel": "sms",
        "is_planned": True,
        "at": NOON.isoformat(),
        "codes": ["HOLIDAY"],
        "base_at": NOON.isoformat(),
        "draft_at": LATER.isoformat(),
    }
    assert list(tally.examples) == ["later"]


def test_counts_that_were_kept_are_gone_on_with():
    first, second = make_replayed(draft=put_off(LATER)), make_replayed(base=put_off(None), state="BA")
    kept = Tally.from_json(make_tally(first).to_json(), zone=OFFICE)

    kept.add(second)

    assert kept.to_json() == make_tally(first, second).to_json()


FATES = st.sampled_from(
    [FREE, put_off(None, "CHANNEL_DISABLED"), put_off(LATER, "OUTSIDE_HOURS"), put_off(LATEST, "HOLIDAY")]
)


@given(
    st.lists(st.tuples(FATES, FATES, st.booleans(), st.sampled_from(["SP", "AM", "+"])), max_size=40),
    st.lists(st.integers(0, 40), max_size=3),
)
def test_the_counts_of_the_parts_of_a_replay_add_up_to_those_of_the_whole(contacts, cuts):
    everything = [
        make_replayed(base, draft, is_planned=is_planned, state=state, contact_id=number)
        for number, (base, draft, is_planned, state) in enumerate(contacts)
    ]
    ends = sorted({0, 40, *cuts})

    whole = make_tally()
    for start, end in pairwise(ends):
        part = json.loads(json.dumps(make_tally(*everything[start:end]).to_json()))  # as it is kept
        whole.take_in(Tally.from_json(part, zone=OFFICE))

    assert whole == make_tally(*everything)
