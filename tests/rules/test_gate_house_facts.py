"""What only the house's own rows can tell: block lists, prescribed debts, messages first, free text."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from contacts.rules import gate
from contacts.rules.case_json import Case, case_to_json
from contacts.rules.codes import TIMELESS
from contacts.rules.facts import ConsentFacts, ContactFacts, HoldFacts, OptOutFacts, PromiseFacts
from contacts.rules.facts_json import facts_from_json, facts_to_json, to_text
from contacts.rules.policy_json import policy_to_json
from tests.factories.gate import WEDNESDAY, make_facts, make_point, make_terms, reasons

ASKED_FOR = [
    ("collection", True),
    ("reminder", True),
    ("agreed", True),
    ("thank_you", False),
    ("reply", False),
    ("test", False),
]
SECOND = timedelta(seconds=1)


def test_a_number_on_a_block_list_is_refused_by_every_channel_and_for_every_purpose():
    listed = make_point(is_block_listed=True)

    for channel in ("voice", "sms", "whatsapp"):
        for purpose, _is_asking in ASKED_FOR:
            assert reasons(make_facts(channel=channel, purpose=purpose, point=listed)) == ("BLOCK_LIST",)


@pytest.mark.parametrize(("purpose", "is_asking"), ASKED_FOR)
def test_of_prescribed_debts_nothing_is_asked_but_thanks_and_answers_may_go(purpose, is_asking):
    facts = make_facts(is_statute_barred=True, purpose=purpose)

    assert reasons(facts) == (("STATUTE_BARRED",) if is_asking else ())


@pytest.mark.parametrize(("days", "is_asked"), [(-1, True), (0, False), (3, False)])
def test_until_the_last_day_on_which_money_may_arrive_nothing_is_asked(days, is_asked):
    facts = make_facts(money_in_transit_until=WEDNESDAY.date() + timedelta(days=days))

    assert reasons(facts) == (() if is_asked else ("MONEY_IN_TRANSIT",))


@pytest.mark.parametrize(("purpose", "is_asking"), ASKED_FOR)
def test_money_on_its_way_stops_asking_and_neither_thanks_nor_answers(purpose, is_asking):
    facts = make_facts(money_in_transit_until=WEDNESDAY.date(), purpose=purpose)

    assert reasons(facts) == (("MONEY_IN_TRANSIT",) if is_asking else ())


def test_the_day_after_money_could_arrive_is_named_as_the_next_moment():
    facts = make_facts(money_in_transit_until=WEDNESDAY.date() + timedelta(days=1))

    decision = gate.decide(facts=facts, terms=make_terms(), now=WEDNESDAY, horizon_days=15)

    assert decision.next_allowed is not None
    assert decision.next_allowed.date() == WEDNESDAY.date() + timedelta(days=2)


def test_an_answered_call_about_prescribed_debts_is_not_spoken():
    facts = make_facts(channel="voice", action="speak", answered_by="human", is_statute_barred=True)

    assert reasons(facts) == ("STATUTE_BARRED",)


@pytest.mark.parametrize(
    ("channel", "asks", "was_messaged", "found"),
    [
        ("voice", True, False, ("MESSAGE_FIRST",)),
        ("voice", True, True, ()),
        ("voice", False, False, ()),
        ("sms", True, False, ()),
        ("letter", True, False, ()),
    ],
)
def test_where_the_policy_asks_for_it_a_message_goes_before_the_first_call(
    channel, asks, was_messaged, found
):
    facts = make_facts(channel=channel, was_messaged=was_messaged)

    assert reasons(facts, make_terms(message_first=asks)) == found


@pytest.mark.parametrize(
    ("ago", "found"),
    [
        (None, ("WHATSAPP_WINDOW",)),
        (timedelta(0), ()),
        (timedelta(hours=24) - SECOND, ()),
        (timedelta(hours=24), ("WHATSAPP_WINDOW",)),
        (-SECOND, ("WHATSAPP_WINDOW",)),
    ],
)
def test_free_text_on_whatsapp_answers_what_was_written_within_24_hours(ago, found):
    wrote_at = None if ago is None else WEDNESDAY - ago
    facts = make_facts(channel="whatsapp", is_free_text=True, wrote_at=wrote_at)

    assert reasons(facts) == found
    assert reasons(replace(facts, is_free_text=False)) == ()
    assert reasons(replace(facts, channel="sms")) == ()


def test_terms_that_could_not_be_read_stop_everything_an_answered_call_included():
    terms = make_terms(is_unreadable=True)

    assert reasons(make_facts(), terms) == ("TERMS_UNREADABLE",)
    answered = make_facts(channel="voice", action="speak", answered_by="human")
    assert reasons(answered, terms) == ("TERMS_UNREADABLE",)


@pytest.mark.parametrize(
    ("facts", "terms"),
    [
        (make_facts(point=make_point(is_block_listed=True)), make_terms()),
        (make_facts(is_statute_barred=True), make_terms()),
        (make_facts(channel="voice", was_messaged=False), make_terms(message_first=True)),
        (make_facts(channel="whatsapp", is_free_text=True), make_terms()),
        (make_facts(), make_terms(is_unreadable=True)),
    ],
)
def test_waiting_lifts_none_of_these(facts, terms):
    decision = gate.decide(facts=facts, terms=terms, now=WEDNESDAY, horizon_days=15)

    assert decision.next_allowed is None
    assert TIMELESS.issuperset(decision.reasons)


def test_no_line_of_the_gates_json_can_tell_them():
    told = facts_to_json(
        make_facts(
            point=make_point(is_block_listed=True),
            is_statute_barred=True,
            was_messaged=False,
            is_free_text=True,
            wrote_at=WEDNESDAY,
        )
    )

    assert facts_from_json(told) == make_facts()


def test_what_was_judged_is_written_down_whole():
    at = WEDNESDAY
    told = facts_to_json(
        make_facts(
            channel="whatsapp",
            purpose="reminder",
            action="speak",
            answered_by="machine",
            birth_date=date(1990, 2, 28),
            time_zones=("America/Recife", "America/Bahia"),
            holidays=frozenset({date(2026, 7, 9), date(2026, 1, 25)}),
            holds=(HoldFacts("legal", at, None),),
            opt_outs=(OptOutFacts("point", "sms", "p9", None, at),),
            consents=(ConsentFacts("*", at, at),),
            promises=(PromiseFacts(date(2026, 7, 20), at),),
            contacts=(ContactFacts(at, "sms", "sent"),),
            something_is_owed=False,
            is_ledger_in_doubt=True,
            is_statute_barred=True,
            money_in_transit_until=date(2026, 7, 21),
            was_messaged=False,
            is_free_text=True,
            wrote_at=at,
            point=make_point(
                id="p1",
                kind="workplace",
                status="unverified",
                channels=frozenset({"voice", "sms"}),
                time_zones=("America/Manaus",),
                contacts=(ContactFacts(at, "voice", "no_answer"),),
                is_block_listed=True,
            ),
        )
    )

    moment = to_text(at)
    assert told == {
        "channel": "whatsapp",
        "purpose": "reminder",
        "action": "speak",
        "answered_by": "machine",
        "something_is_owed": False,
        "is_ledger_in_doubt": True,
        "is_statute_barred": True,
        "money_in_transit_until": "2026-07-21",
        "was_messaged": False,
        "is_free_text": True,
        "wrote_at": moment,
        "debtor": {
            "birth_date": "1990-02-28",
            "time_zones": ["America/Bahia", "America/Recife"],
            "holidays": ["2026-01-25", "2026-07-09"],
            "holds": [{"kind": "legal", "from": moment, "until": None}],
            "opt_outs": [
                {"scope": "point", "channel": "sms", "point_id": "p9", "from": None, "until": moment}
            ],
            "consents": [{"channel": "*", "from": moment, "until": moment}],
            "promises": [{"date": "2026-07-20", "status": "open", "made_at": moment}],
            "contacts": [{"at": moment, "channel": "sms", "outcome": "sent"}],
        },
        "point": {
            "id": "p1",
            "kind": "workplace",
            "status": "unverified",
            "channels": ["sms", "voice"],
            "time_zones": ["America/Manaus"],
            "contacts": [{"at": moment, "channel": "voice", "outcome": "no_answer"}],
            "is_block_listed": True,
        },
    }


def test_a_case_is_written_down_with_its_id_its_moment_and_its_policy():
    case = Case(facts=make_facts(is_free_text=True), terms=make_terms(), now=WEDNESDAY)

    told = case_to_json(case, case_id="7:42")

    assert (told["id"], told["instant"], told["wrote_at"]) == ("7:42", to_text(WEDNESDAY), None)
    assert told["policy"] == policy_to_json(make_terms())
