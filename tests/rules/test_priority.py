"""How urgent a case is for an agent."""

from dunning.rules.priority import Weights, urgency


def test_a_promised_call_comes_before_the_largest_and_oldest_debt_with_a_broken_promise():
    promised = urgency(amount_cents=100, days_late=1, is_callback_promised=True)
    heavy = urgency(amount_cents=10**12, days_late=9_999, has_broken_promise=True)

    assert promised.points > heavy.points


def test_an_urgency_explains_itself():
    found = urgency(amount_cents=1_000_000, days_late=30, has_broken_promise=True)

    assert found.parts == (("broken_promise", 200), ("amount", 100), ("age", 30))
    assert found.points == 330


def test_what_is_not_late_and_not_owed_counts_nothing():
    assert urgency(amount_cents=0, days_late=-3).parts == ()


def test_amount_and_age_have_a_ceiling():
    assert urgency(amount_cents=10**15, days_late=10_000).parts == (("amount", 300), ("age", 120))


def test_weights_set_otherwise_change_the_order_and_zero_leaves_a_reason_out():
    weights = Weights(amount=0, age=60, key_customer=500)
    found = urgency(amount_cents=10**9, days_late=60, is_key_customer=True, weights=weights)

    assert found.parts == (("key_customer", 500), ("age", 30))


def test_what_broke_since_yesterday_counts_more_and_a_broken_agreement_is_not_counted_as_a_promise_too():
    found = urgency(
        amount_cents=0,
        days_late=0,
        has_broken_promise=True,
        has_broken_agreement=True,
        has_broken_just_now=True,
    )

    assert found.parts == (("broken_agreement", 250), ("broken_just_now", 100))


def test_the_strongest_reasons_come_first():
    found = urgency(amount_cents=1_000_000, days_late=30, has_broken_promise=True, is_first_delay=True)

    assert found.strongest == (("broken_promise", 200), ("amount", 100))
