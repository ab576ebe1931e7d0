"""Steps beyond asking: guarded, by two persons, announced and proven, in files, and taken back in time."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from contacts.models import Hold
from debtors.models import EscalationEvent, EscalationTerms, User
from debtors.rules.authority import Authority
from debtors.rules.escalation import Step
from debtors.services import limitation
from debtors.vocabulary import EscalationKind
from dunning.models import ScheduledStep
from dunning.queries import escalating
from dunning.services import escalation
from dunning.services.escalation import EscalationRefusedError
from dunning.vocabulary import StepResult
from tests.factories import make_agent, make_case, make_creditor, make_debt, make_manager, make_payment
from tests.factories.agreements import make_agreement, make_offer_rules

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ASKS = ["request_escalation"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    return make_debt(installments=[(TODAY - timedelta(days=60), 100_000)], contract="=CT-1")


@pytest.fixture
def ana():
    return make_agent(permissions=ASKS)


@pytest.fixture
def helena():
    return make_manager()


def codes(debt, step, *, now=NOW) -> list[str]:
    return [each.code for each in escalating.standing(debt, now=now).decisions[step].obstacles]


def prove(debt, *, by, step=Step.BUREAU_NOTICE, kind=EscalationKind.PROVEN, on=TODAY, now=NOW):
    escalation.note_proof(debt, step=step, kind=kind, on=on, reference="contrato 17", by=by, now=now)


def approve(debt, step, *, ana, helena, now=NOW):
    escalation.ask(debt, step=step, reason="não responde", by=ana, now=now)
    escalation.decide(debt, step=step, is_approved=True, reason="conferido", by=helena, now=now)


def list_at_bureau(debt, *, ana, helena) -> datetime:
    """Go the whole way to a listing; return the moment of it."""
    prove(debt, by=ana)
    approve(debt, Step.BUREAU_NOTICE, ana=ana, helena=helena)
    escalation.export(debt.creditor, step=Step.BUREAU_NOTICE, by=helena, now=NOW)
    prove(debt, by=ana, kind=EscalationKind.DELIVERED)
    approve(debt, Step.BUREAU_LISTING, ana=ana, helena=helena)
    listed_at = NOW + timedelta(days=10)
    escalation.export(debt.creditor, step=Step.BUREAU_LISTING, by=helena, now=listed_at)
    return listed_at


def test_a_listing_waits_for_notice_proof_ten_days_and_a_second_person(debt, ana, helena):
    assert codes(debt, Step.BUREAU_LISTING) == ["no_proof_of_debt", "not_announced", "not_approved"]

    prove(debt, by=ana)
    approve(debt, Step.BUREAU_NOTICE, ana=ana, helena=helena)
    made = escalation.export(debt.creditor, step=Step.BUREAU_NOTICE, by=helena, now=NOW)
    assert codes(debt, Step.BUREAU_LISTING) == ["delivery_not_proven", "not_approved"]

    prove(debt, by=ana, kind=EscalationKind.DELIVERED)
    approve(debt, Step.BUREAU_LISTING, ana=ana, helena=helena)
    assert codes(debt, Step.BUREAU_LISTING) == ["announced_too_recently"]
    assert codes(debt, Step.BUREAU_LISTING, now=NOW + timedelta(days=9)) == ["announced_too_recently"]
    assert codes(debt, Step.BUREAU_LISTING, now=NOW + timedelta(days=10)) == []
    assert made.rows == 1


def test_the_file_says_everything_once_and_runs_nothing(debt, ana, helena):
    prove(debt, by=ana)
    approve(debt, Step.BUREAU_NOTICE, ana=ana, helena=helena)

    made = escalation.export(debt.creditor, step=Step.BUREAU_NOTICE, by=helena, now=NOW)

    [row] = csv.DictReader(StringIO(made.content), delimiter=";")
    assert row["contrato"] == "'=CT-1"
    assert (row["operacao"], row["etapa"], row["data"]) == ("inclusao", "bureau_notice", "20/11/2026")
    assert (row["valor"], row["vencimento"]) == ("1.040,00", "21/09/2026")
    assert (row["devedor_documento"], row["prova_da_divida"]) == (debt.debtor.tax_id, "contrato 17")
    with pytest.raises(EscalationRefusedError, match="nothing"):
        escalation.export(debt.creditor, step=Step.BUREAU_NOTICE, by=helena, now=NOW)


def test_nobody_approves_what_he_asked_for_himself(debt, helena):
    prove(debt, by=helena)
    escalation.ask(debt, step=Step.BUREAU_NOTICE, reason="x", by=helena, now=NOW)

    with pytest.raises(EscalationRefusedError, match="same_person"):
        escalation.decide(debt, step=Step.BUREAU_NOTICE, is_approved=True, reason="x", by=helena, now=NOW)


def test_a_supervisor_approves_a_notice_and_no_listing(debt, ana):
    supervisor = make_agent(permissions=[*ASKS, "approve_escalation", "approve_agreement"])
    prove(debt, by=ana)
    for step in (Step.BUREAU_NOTICE, Step.BUREAU_LISTING):
        escalation.ask(debt, step=step, reason="x", by=ana, now=NOW)

    escalation.decide(debt, step=Step.BUREAU_NOTICE, is_approved=True, reason="x", by=supervisor, now=NOW)
    with pytest.raises(PermissionDenied):
        escalation.decide(
            debt, step=Step.BUREAU_LISTING, is_approved=True, reason="x", by=supervisor, now=NOW
        )
    with pytest.raises(PermissionDenied):
        escalation.decide(debt, step=Step.BUREAU_LISTING, is_approved=True, reason="x", by=ana, now=NOW)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("dispute", "disputed"),
        ("paid", "nothing_owed"),
        ("agreed", "agreement_active"),
        ("barred", "prescribed"),
    ],
)
def test_whoever_pays_disputes_or_agrees_after_the_approval_is_not_in_the_file(debt, ana, helena, what, code):
    prove(debt, by=ana)
    approve(debt, Step.BUREAU_NOTICE, ana=ana, helena=helena)
    if what == "dispute":
        Hold.objects.create(debtor=debt.debtor, kind="dispute", active_from=NOW)
    elif what == "paid":
        make_payment(debtor=debt.debtor, creditor=debt.creditor, amount_cents=104_000, now=NOW)
    elif what == "agreed":
        make_offer_rules(creditor=debt.creditor)
        make_agreement(debt, total_cents=104_000, by=make_agent(permissions=["negotiate_agreement"]), now=NOW)
    else:
        limitation.set_day(debt, on=TODAY, now=NOW)

    with pytest.raises(EscalationRefusedError, match="nothing"):
        escalation.export(debt.creditor, step=Step.BUREAU_NOTICE, by=helena, now=NOW)
    assert code in codes(debt, Step.BUREAU_NOTICE)


def test_a_listing_leaves_within_five_working_days_of_the_payment(debt, ana, helena):
    listed_at = list_at_bureau(debt, ana=ana, helena=helena)
    assert escalation.to_remove(debt.creditor, now=listed_at) == []

    paid_at = listed_at + timedelta(days=1)
    owed = escalating.standing(debt, now=paid_at).facts.owed_cents
    make_payment(debtor=debt.debtor, creditor=debt.creditor, amount_cents=owed, now=paid_at)
    [due] = escalation.to_remove(debt.creditor, now=paid_at)
    made = escalation.export_removals(debt.creditor, by=helena, now=paid_at)

    assert (due.removal.reason, due.removal.due_by) == ("paid", date(2026, 12, 8))
    [row] = csv.DictReader(StringIO(made.content), delimiter=";")
    assert (row["operacao"], row["motivo"]) == ("exclusao", "paid")
    assert escalation.to_remove(None, now=paid_at) == []


def test_a_listing_whose_dispute_is_right_must_leave_the_same_day_and_does_not_come_back(debt, ana, helena):
    listed_at = list_at_bureau(debt, ana=ana, helena=helena)
    day = listed_at.date() + timedelta(days=1)
    prove(
        debt, by=ana, step=Step.BUREAU_LISTING, kind=EscalationKind.UPHELD, on=day,
        now=listed_at + timedelta(days=3),
    )  # fmt: skip

    [due] = escalation.to_remove(debt.creditor, now=listed_at + timedelta(days=3))
    made = escalation.export_removals(debt.creditor, by=helena, now=listed_at + timedelta(days=3))

    assert (due.removal.reason, due.removal.due_by) == ("dispute_upheld", day)
    assert "dispute_upheld" in made.content
    assert escalation.to_remove(None, now=listed_at + timedelta(days=4)) == []
    assert "disputed" in codes(debt, Step.BUREAU_LISTING, now=listed_at + timedelta(days=4))


def test_a_creditor_asks_for_more_days_another_amount_and_a_longer_wait_than_the_house(debt, ana, helena):
    terms = EscalationTerms(
        creditor=debt.creditor, step=Step.BUREAU_LISTING, min_days_late=90, min_cents=200_000,
        notice_days=15, approval=Authority.SUPERVISOR,
    )  # fmt: skip
    terms.full_clean()
    terms.save()
    elsewhere = make_debt(creditor=make_creditor(), installments=[(TODAY - timedelta(days=60), 100_000)])

    found = codes(debt, Step.BUREAU_LISTING)
    assert found == ["not_late_enough", "too_little", "no_proof_of_debt", "not_announced", "not_approved"]
    assert codes(elsewhere, Step.BUREAU_LISTING) == ["no_proof_of_debt", "not_announced", "not_approved"]
    assert codes(debt, Step.BUREAU_NOTICE) == ["no_proof_of_debt", "not_approved"]


@pytest.mark.parametrize(
    ("step", "days"), [(Step.BUREAU_LISTING, 9), (Step.NOTARY_PROTEST, 0), (Step.BUREAU_NOTICE, 10)]
)
def test_no_creditor_waits_less_after_a_notice_than_the_house(debt, step, days):
    terms = EscalationTerms(
        creditor=debt.creditor, step=step, min_days_late=30, min_cents=1, notice_days=days,
        approval=Authority.MANAGER,
    )  # fmt: skip

    with pytest.raises(ValidationError, match="notice_days"):
        terms.full_clean()


def test_an_agency_needs_a_ladder_that_has_had_its_last_step(helena, ana):
    case = make_case(now=NOW, amount_cents=90_000)
    debt = case.debtor.debts.get()

    assert "ladder_not_exhausted" in codes(debt, Step.EXTERNAL_AGENCY)

    last = case.strategy.steps.order_by("-offset_days")[0]
    ScheduledStep.objects.create(
        case=case, step=last, slot=case.anchor_on, result=StepResult.WANTED, planned_at=NOW
    )
    assert "ladder_not_exhausted" not in codes(debt, Step.EXTERNAL_AGENCY)
    with pytest.raises(EscalationRefusedError):
        escalation.ask(debt, step=Step.EXTERNAL_AGENCY, reason="x", by=ana, now=NOW)


def test_a_proof_of_delivery_needs_an_announcement_and_no_day_to_come(debt, ana):
    with pytest.raises(EscalationRefusedError, match="not_announced"):
        prove(debt, by=ana, step=Step.NOTARY_PROTEST, kind=EscalationKind.DELIVERED)
    with pytest.raises(EscalationRefusedError, match="in_the_future"):
        prove(debt, by=ana, on=TODAY + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        prove(debt, by=make_agent(permissions=[]))


def test_what_happened_is_written_once(debt, ana):
    prove(debt, by=ana)

    with pytest.raises(DatabaseError), transaction.atomic():
        EscalationEvent.objects.update(reference="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        EscalationEvent.objects.all().delete()


def test_managers_set_a_creditors_terms_on_his_page_with_the_amount_as_money(debt, client):
    client.force_login(User.objects.create_superuser("chefe", password=None))
    address = reverse("admin:debtors_creditor_change", args=[debt.creditor_id])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    typed |= {"escalation_terms-TOTAL_FORMS": 1, "escalation_terms-INITIAL_FORMS": 0}
    row = {
        "step": "notary_protest",
        "min_days_late": 75,
        "least": "1.500,00",
        "notice_days": 12,
        "approval": 3,
    }
    typed |= {f"escalation_terms-0-{name}": value for name, value in row.items()}

    answer = client.post(address, typed)

    assert answer.status_code == 302, answer.context["errors"]
    kept = EscalationTerms.objects.get()
    assert (kept.min_cents, kept.terms.min_days_late, kept.terms.notice_days) == (150_000, 75, 12)
