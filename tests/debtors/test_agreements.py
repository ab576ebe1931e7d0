"""Agreements through the database: judged, approved, kept to the centavo, broken, never below the floor."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debtors import queries
from debtors.models import Agreement, Creditor, LedgerDoubt, LedgerEntry, PromiseToPay
from debtors.services import agreements, agreements_kept, ledger, ledger_audit, negotiating, terms
from debtors.services.negotiating import AgreementRefusedError
from debtors.vocabulary import AgreementState, EntryKind, Evidence, PromiseStatus, WhenBroken
from tests.factories import make_agent, make_debt, make_payment
from tests.factories.agreements import make_agreement, make_offer_rules, make_proposal

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LATE = [(date(2026, 10, 24), 100_000)]  # 30 days: R$ 1.000 with fee 20 and interest 10
OWED = 103_000


@pytest.fixture
def debt():
    made = make_debt(installments=LATE)
    make_offer_rules(creditor=made.creditor)
    return made


@pytest.fixture
def agent():
    return make_agent(permissions=["negotiate_agreement"])


@pytest.fixture
def supervisor():
    return make_agent(permissions=["negotiate_agreement", "approve_agreement"])


@pytest.fixture
def manager():
    return make_agent(
        permissions=[
            "negotiate_agreement",
            "approve_agreement",
            "approve_any_agreement",
        ]
    )


def change_rate(debt, rate: str) -> None:
    Creditor.objects.filter(pk=debt.creditor_id).update(monthly_interest_rate=Decimal(rate))
    terms.have_changed([debt.creditor])
    terms.settle_by_new_terms(now=MONDAY)


@pytest.mark.parametrize("rate", ["0", "0.005", "0.05"])
def test_other_terms_leave_the_books_of_what_was_agreed_sound_before_anything_is_paid(debt, manager, rate):
    make_agreement(debt, total_cents=80_000, by=manager, now=MONDAY)

    change_rate(debt, rate)

    assert is_sound()


def test_who_kept_an_agreement_does_not_owe_again_when_the_interest_is_lowered(debt, manager):
    agreed = make_agreement(debt, total_cents=102_500, by=manager, now=MONDAY)
    make_payment(debtor=debt.debtor, amount_cents=102_500, now=MONDAY)

    change_rate(debt, "0.0075")

    agreed.refresh_from_db()
    assert (owed(debt), agreed.state) == (0, AgreementState.FULFILLED)
    assert is_sound()


def owed(debt, *, days=0) -> int:
    return queries.balances(debts=[debt.pk], on=TODAY + timedelta(days=days))[debt.pk].total_cents


def is_sound() -> bool:
    ledger_audit.look_over(now=MONDAY)
    return not LedgerDoubt.objects.exists()


def refused(act) -> tuple[str, ...]:
    with pytest.raises(AgreementRefusedError) as error:
        act()
    return error.value.reasons


def test_several_ways_are_offered_at_once_each_with_its_payments(debt):
    found = negotiating.offers(debtor=debt.debtor, creditor=debt.creditor, now=MONDAY)

    assert [(len(each.payments), each.total_cents) for each in found] == [
        (1, 92_700),
        (3, 97_850),
        (6, 97_850),
    ]


def test_without_rules_nothing_is_agreed_on(agent):
    lone = make_debt(installments=LATE)

    assert refused(lambda: make_proposal(lone, total_cents=OWED, by=agent, now=MONDAY)) == ("no_rules",)


def test_rules_with_a_fault_offer_nothing(debt):
    debt.creditor.offer_rules.bands.update(one_off_percent=60)  # below the floor of half

    assert refused(lambda: negotiating.offers(debtor=debt.debtor, creditor=debt.creditor, now=MONDAY)) == (
        "no_rules",
    )


def test_the_discount_is_an_entry_and_the_debt_owes_what_was_agreed(debt, agent):
    made = make_agreement(debt, total_cents=92_700, by=agent, now=MONDAY)

    given_ = LedgerEntry.objects.get(kind=EntryKind.DISCOUNT)
    assert (given_.amount_cents, given_.effective_on, given_.forgiven_by.agreement) == (-10_300, TODAY, made)
    assert owed(debt) == 92_700
    assert is_sound()


def test_what_was_agreed_settles_everything_though_interest_went_on(debt, agent):
    made = make_agreement(debt, total_cents=97_850, by=agent, now=MONDAY, payments=3)
    for each in made.payments.all():
        at = datetime(each.due_on.year, each.due_on.month, each.due_on.day, 15, tzinfo=UTC)
        make_payment(debtor=debt.debtor, amount_cents=each.amount_cents, now=at)

    made.refresh_from_db()
    assert made.state == AgreementState.FULFILLED
    assert owed(debt, days=100) == 0
    assert set(PromiseToPay.objects.values_list("status", flat=True)) == {PromiseStatus.KEPT}
    assert is_sound()


def test_what_is_paid_beyond_the_agreement_meets_no_debt_of_it(debt, agent):
    make_agreement(debt, total_cents=92_700, by=agent, now=MONDAY)
    later = MONDAY + timedelta(days=3)  # interest of these days is forgiven, not taken from the surplus

    payment = make_payment(debtor=debt.debtor, amount_cents=100_000, now=later)

    assert ledger.unallocated_cents(payment) == 7_300
    assert owed(debt, days=3) == 0
    assert is_sound()


def test_every_payment_is_promised_in_its_turn(debt, agent):
    made = make_agreement(debt, total_cents=97_850, by=agent, now=MONDAY, payments=3)
    first, second, _third = made.payments.all()

    make_payment(debtor=debt.debtor, amount_cents=first.amount_cents + 1_000, now=MONDAY)

    open_one = PromiseToPay.objects.get(status=PromiseStatus.OPEN)
    assert (open_one.promised_on, open_one.amount_cents) == (second.due_on, second.amount_cents - 1_000)


@pytest.mark.parametrize(
    ("when_broken", "owes_again"), [(WhenBroken.UNDONE, OWED), (WhenBroken.KEPT, 92_700)]
)
def test_a_broken_agreement_does_with_its_discount_as_the_rules_say(agent, when_broken, owes_again):
    debt = make_debt(installments=LATE)
    make_offer_rules(creditor=debt.creditor, when_broken=when_broken)
    made = make_agreement(
        debt, total_cents=92_700, by=agent, now=MONDAY
    )  # due on the 24th, grace to the 29th

    assert agreements_kept.settle_due(now=MONDAY + timedelta(days=6)) == 0
    assert agreements_kept.settle_due(now=MONDAY + timedelta(days=7)) == 1

    made.refresh_from_db()
    assert (made.state, made.end_reason) == (AgreementState.BROKEN, "payment 1")
    assert owed(debt) == owes_again
    assert PromiseToPay.objects.get().status == PromiseStatus.BROKEN
    assert is_sound()


def test_what_was_paid_before_it_broke_counts_in_full(debt, agent):
    make_agreement(debt, total_cents=97_850, by=agent, now=MONDAY, payments=3)
    make_payment(debtor=debt.debtor, amount_cents=40_000, now=MONDAY)

    agreements_kept.settle_due(now=MONDAY + timedelta(days=60))

    assert owed(debt) == OWED - 40_000
    assert is_sound()


def test_below_an_agents_limit_a_supervisor_says_yes_with_a_reason(debt, agent, supervisor):
    made = make_proposal(debt, total_cents=83_000, by=agent, now=MONDAY)
    take = {"evidence": Evidence.VERBAL, "reference": "call 17", "by": agent, "now": MONDAY}

    assert refused(lambda: agreements.accept(made, **take)) == ("below_floor", "not_approved")
    with pytest.raises(PermissionDenied):
        agreements.decide(made, is_approved=True, reason="ill", by=agent, now=MONDAY)
    assert refused(
        lambda: agreements.decide(made, is_approved=True, reason=" ", by=supervisor, now=MONDAY)
    ) == ("no_reason",)
    agreements.decide(made, is_approved=True, reason="lost her job", by=supervisor, now=MONDAY)
    agreements.accept(made, **take)

    assert (made.state, owed(debt)) == (AgreementState.ACTIVE, 83_000)


def test_beyond_a_supervisors_limit_only_a_manager_says_yes(debt, agent, supervisor, manager):
    made = make_proposal(debt, total_cents=70_000, by=agent, now=MONDAY)

    yes = {"is_approved": True, "reason": "ill", "now": MONDAY}
    assert refused(lambda: agreements.decide(made, by=supervisor, **yes)) == ("approval_too_low",)
    agreements.decide(made, by=manager, **yes)

    assert made.decisions.count() == 1


def test_nobody_accepts_less_than_the_floor_a_manager_neither(debt, manager):
    assert refused(lambda: make_proposal(debt, total_cents=61_799, by=manager, now=MONDAY)) == (
        "below_floor",
    )


def test_the_exit_point_is_crossed_by_nobody(manager):
    debt = make_debt(installments=LATE)
    make_offer_rules(creditor=debt.creditor, exit_cents=90_000)

    assert refused(lambda: make_proposal(debt, total_cents=89_999, by=manager, now=MONDAY)) == (
        "below_exit_point",
    )


def test_a_floor_raised_since_is_judged_again(debt, agent, manager):
    made = make_proposal(debt, total_cents=70_000, by=agent, now=MONDAY)
    agreements.decide(made, is_approved=True, reason="ill", by=manager, now=MONDAY)
    debt.creditor.offer_rules.__class__.objects.update(floor_percent=80)

    reasons = refused(
        lambda: agreements.accept(made, evidence=Evidence.ONLINE, reference="x", by=agent, now=MONDAY)
    )

    assert reasons == ("below_floor",)


def test_money_that_came_meanwhile_asks_for_a_new_proposal(debt, agent):
    made = make_proposal(debt, total_cents=92_700, by=agent, now=MONDAY)
    make_payment(debtor=debt.debtor, amount_cents=5_000, now=MONDAY + timedelta(minutes=1))

    assert refused(
        lambda: agreements.accept(made, evidence=Evidence.ONLINE, reference="x", by=agent, now=MONDAY)
    ) == ("changed",)


def test_one_agreement_with_a_creditor_is_in_force_at_a_time(debt, agent):
    make_agreement(debt, total_cents=92_700, by=agent, now=MONDAY)

    assert refused(lambda: make_proposal(debt, total_cents=92_700, by=agent, now=MONDAY)) == ("one_in_force",)


def test_an_agreement_withdrawn_leaves_the_debt_as_it_was(debt, agent, supervisor):
    made = make_agreement(debt, total_cents=92_700, by=agent, now=MONDAY)

    with pytest.raises(PermissionDenied):
        agreements.withdraw(made, reason="mistake", by=agent, now=MONDAY)
    agreements.withdraw(made, reason="mistake", by=supervisor, now=MONDAY)

    assert (made.state, owed(debt)) == (AgreementState.WITHDRAWN, OWED)
    assert is_sound()


def test_the_database_itself_keeps_terms_and_floor(debt, agent):
    made = make_agreement(debt, total_cents=92_700, by=agent, now=MONDAY)
    refusals = [
        "UPDATE debtors_agreement SET total_cents = 1",
        "UPDATE debtors_agreedpayment SET amount_cents = 1",
        "DELETE FROM debtors_agreementdiscount",
        "DELETE FROM debtors_agreement",
    ]
    for statement in refusals:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    made.pk, made.state, made.total_cents = None, AgreementState.PROPOSED, made.floor_cents - 1
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    total=st.integers(-5, 2 * OWED),
    payments=st.integers(-1, 40),
    days=st.integers(-3, 60),
)
def test_an_agent_alone_never_puts_less_in_force_than_was_offered(debt, agent, total, payments, days):
    with transaction.atomic():
        try:
            made = make_agreement(
                debt,
                total_cents=total,
                payments=payments,
                first_on=TODAY + timedelta(days=days),
                by=agent,
                now=MONDAY,
            )
            assert made.total_cents >= (92_700 if payments == 1 else 97_850)
            assert sum(each.amount_cents for each in made.payments.all()) == owed(debt) == total
        except AgreementRefusedError:
            assert not Agreement.objects.filter(state=AgreementState.ACTIVE).exists()
        transaction.set_rollback(True)
