"""The gate and what the debtor wished: opt-outs and consents, each with its span of time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.facts import ConsentFacts, HoldFacts, OptOutFacts
from tests.factories.gate import WEDNESDAY, make_facts, make_point, make_terms, reasons

TICK = timedelta(microseconds=1)
MOMENTS = (None, WEDNESDAY - TICK, WEDNESDAY, WEDNESDAY + TICK)


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (OptOutFacts("global"), ("OPT_OUT_GLOBAL",)),
        (OptOutFacts("channel", channel="sms"), ("OPT_OUT_CHANNEL",)),
        (OptOutFacts("channel", channel="voice"), ()),
        (OptOutFacts("channel"), ()),
        (OptOutFacts("point", point_id="p1"), ("OPT_OUT_POINT",)),
        (OptOutFacts("point", point_id="p2"), ()),
        (OptOutFacts("point", point_id="P1"), ()),
        (OptOutFacts("point", channel="sms"), ()),
        (OptOutFacts("channel", channel="voice", point_id="p1"), ()),
    ],
)
def test_an_opt_out_reaches_as_far_as_its_scope_says(wish, found):
    assert reasons(make_facts(opt_outs=(wish,))) == found


def test_every_opt_out_is_reported_and_each_code_once():
    wishes = (
        OptOutFacts("point", point_id="p1"),
        OptOutFacts("global"),
        OptOutFacts("channel", channel="sms"),
        OptOutFacts("global"),
    )

    assert reasons(make_facts(opt_outs=wishes)) == ("OPT_OUT_CHANNEL", "OPT_OUT_GLOBAL", "OPT_OUT_POINT")


@pytest.mark.parametrize(
    ("active_from", "active_until", "is_active"),
    [
        (None, None, True),
        (WEDNESDAY, None, True),  # from is included
        (WEDNESDAY + TICK, None, False),
        (None, WEDNESDAY, False),  # until is not
        (None, WEDNESDAY + TICK, True),
        (WEDNESDAY - TICK, WEDNESDAY, False),
        (WEDNESDAY, WEDNESDAY, False),
        (WEDNESDAY + TICK, WEDNESDAY - TICK, False),
    ],
)
def test_opt_outs_holds_and_consents_are_active_from_their_first_instant_until_before_their_last(
    active_from, active_until, is_active
):
    span = {"active_from": active_from, "active_until": active_until}
    wish, hold, consent = OptOutFacts("global", **span), HoldFacts("legal", **span), ConsentFacts("*", **span)

    found = reasons(
        make_facts(opt_outs=(wish,), holds=(hold,), consents=(consent,)),
        make_terms(consent_required=frozenset({"sms"})),
    )

    assert found == (("HOLD_LEGAL", "OPT_OUT_GLOBAL") if is_active else ("CONSENT_MISSING",))


@pytest.mark.parametrize(
    ("consents", "is_missing"),
    [
        ((), True),
        ((ConsentFacts("whatsapp"),), False),
        ((ConsentFacts("*"),), False),
        ((ConsentFacts("sms"), ConsentFacts("voice")), True),
        ((ConsentFacts("whatsapp", active_until=WEDNESDAY), ConsentFacts("sms")), True),
        ((ConsentFacts("whatsapp", active_until=WEDNESDAY), ConsentFacts("*")), False),
    ],
)
def test_a_channel_that_needs_consent_needs_an_active_one_for_it_or_for_all(consents, is_missing):
    terms = make_terms(consent_required=frozenset({"whatsapp"}))

    found = reasons(make_facts(channel="whatsapp", consents=consents), terms)

    assert found == (("CONSENT_MISSING",) if is_missing else ())


def test_a_channel_that_needs_no_consent_goes_without():
    assert reasons(make_facts(channel="sms"), make_terms(consent_required=frozenset({"whatsapp"}))) == ()


spans = st.tuples(st.sampled_from(MOMENTS), st.sampled_from(MOMENTS))
wishes = st.builds(
    lambda scope, channel, point_id, span: OptOutFacts(scope, channel, point_id, *span),
    st.sampled_from(["global", "channel", "point"]),
    st.sampled_from([None, "sms", "voice"]),
    st.sampled_from([None, "p1", "p2"]),
    spans,
)
holds = st.builds(
    lambda kind, span: HoldFacts(kind, *span), st.sampled_from(["dispute", "deceased", "odd"]), spans
)


@given(st.lists(wishes, max_size=4), wishes, st.lists(holds, max_size=4), holds, st.booleans())
def test_one_more_opt_out_or_hold_never_takes_an_objection_away(opt_outs, wish, rests, rest, is_wrong_number):
    point = make_point(status="invalid" if is_wrong_number else "valid")
    before = reasons(make_facts(opt_outs=tuple(opt_outs), holds=tuple(rests), point=point))
    after = reasons(make_facts(opt_outs=(*opt_outs, wish), holds=(*rests, rest), point=point))

    assert set(before) <= set(after)


@given(
    st.permutations(
        [OptOutFacts("global"), OptOutFacts("point", point_id="p1"), OptOutFacts("channel", "sms")]
    )
)
def test_the_order_of_facts_is_no_matter(opt_outs):
    assert reasons(make_facts(opt_outs=tuple(opt_outs))) == (
        "OPT_OUT_CHANNEL",
        "OPT_OUT_GLOBAL",
        "OPT_OUT_POINT",
    )
