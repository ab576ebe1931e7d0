"""What delay costs is the creditor's: its indices, its order, its tolerance; and money follows new terms."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from contacts import queries as contact_queries
from contacts.vocabulary import Channel
from debtors import queries, tasks
from debtors.models import Creditor, IndexRate, LedgerEntry
from debtors.services import importing, index_rates, ledger, ledger_audit, terms
from debtors.vocabulary import EntryKind, PaymentMethod, PaymentSource, PriceIndex, RateSource
from tests.factories import make_creditor, make_debt, make_debtor, make_manager, make_policy, make_portfolio

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TODAY = NOW.date()
IPCA = b"data;valor\n01/08/2026;0,50\n01/09/2026;1,00\n01/10/2026;-0,20\n"


IN_DOUBT, NOTHING_OWED = ("LEDGER_IN_DOUBT",), ("NOTHING_OWED",)


def creditor_with(**terms_of_his):
    creditor = make_creditor()
    Creditor.objects.filter(pk=creditor.pk).update(**terms_of_his)
    creditor.refresh_from_db()
    return creditor


def debt_of(creditor, cents=10_000, *, due_on=date(2026, 9, 15), debtor=None):
    return make_debt(creditor=creditor, debtor=debtor, installments=[(due_on, cents)])


def pay(debt, cents, *, number="E1", paid_on=TODAY):
    return ledger.record_payment(
        debtor=debt.debtor, creditor=debt.creditor, amount_cents=cents, paid_on=paid_on,
        method=PaymentMethod.PIX, source=PaymentSource.HAND, external_id=number, recorded_by=None, now=NOW,
    )  # fmt: skip


def owed(debt, on=TODAY):
    return queries.balances(debts=[debt.pk], on=on)[debt.pk]


def reasons(debt):
    return contact_queries.may_contact(debtor=debt.debtor, channel=Channel.SMS, now=NOW).best.reasons


def entries(debt, kind):
    return list(LedgerEntry.objects.filter(debt=debt, kind=kind).values_list("amount_cents", flat=True))


def test_an_imported_index_corrects_what_is_late_of_those_creditors_who_use_it():
    index_rates.take_in(IPCA, index=PriceIndex.IPCA, by=None, now=NOW)
    corrected = debt_of(creditor_with(correction_index="ipca", index_lag_months=1))

    assert owed(corrected).correction_cents == 80  # 1.01 × 0.998
    assert owed(debt_of(make_creditor())).correction_cents == 0


def test_the_legal_rate_follows_from_selic_and_ipca_15_of_the_month_before():
    for index, rate in ((PriceIndex.SELIC, "1,10"), (PriceIndex.IPCA15, "0,30")):
        rows = "".join(f"{month:02d}/2026;{rate}\n" for month in (8, 9, 10))
        index_rates.take_in(f"mes;taxa\n{rows}".encode(), index=index, by=None, now=NOW)
    debt = debt_of(creditor_with(interest_kind=RateSource.LEGAL, late_fee_rate=Decimal(0)))

    assert owed(debt).is_exact
    assert owed(debt).interest_cents == 181  # 0.7976 % a month over 15/30 + 1 + 23/30 months


def test_a_missing_month_stops_contact_about_the_debt_that_needs_it_and_about_no_other():
    make_policy(now=NOW)
    debtor = make_debtor()
    needs_it = debt_of(creditor_with(correction_index="igpm"), debtor=debtor)
    other = debt_of(make_creditor(), debtor=debtor)

    def reasons(debt):
        asked = contact_queries.may_contact(
            debtor=debtor, channel=Channel.SMS, now=NOW, creditor_id=debt.creditor_id
        )
        return asked.best.reasons

    assert owed(needs_it).missing_months == ((2026, 8), (2026, 9))
    assert reasons(needs_it) == ("LEDGER_IN_DOUBT",)
    assert reasons(other) == ()


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"mes;taxa\n13/2026;1\n", "index_not_a_month", 2),
        (b"mes;taxa\n08/2026;0,5\n09/2026;um\n", "index_not_a_rate", 3),
        (b"mes;taxa\n08/2026;125\n", "index_wild_rate", 2),
        (b"mes;taxa\n08/2026;0,5\n08/2026;0,5\n", "index_twice", 3),
        (b"mes;taxa\n08/2026;0,51\n", "index_rate_differs", 2),
        (b"mes;outra\n08/2026;1\n", "column_missing", 1),
    ],
)
def test_a_file_of_rates_is_taken_in_whole_or_not_at_all(content, code, line):
    index_rates.take_in(IPCA, index=PriceIndex.IPCA, by=None, now=NOW)

    with pytest.raises(index_rates.RatesAreWrongError) as refused:
        index_rates.take_in(content, index=PriceIndex.IPCA, by=None, now=NOW)

    assert [(error.code, error.line) for error in refused.value.errors] == [(code, line)]
    assert IndexRate.objects.count() == 3


def test_the_same_file_of_rates_again_brings_nothing(tmp_path, capsys):
    path = tmp_path / "ipca.csv"
    path.write_bytes(IPCA)

    call_command("import_index", str(path), index="ipca")
    call_command("import_index", str(path), index="ipca")
    path.write_bytes(b"mes;taxa\n08/2026;9\n")
    with pytest.raises(CommandError):
        call_command("import_index", str(path), index="ipca")

    assert IndexRate.objects.count() == 3


def test_a_manager_takes_in_rates_on_a_page_and_reads_there_what_is_wrong(client):
    client.force_login(make_manager())

    def hand_in(content):
        from django.core.files.uploadedfile import SimpleUploadedFile

        form = {"index": "ipca", "file": SimpleUploadedFile("ipca.csv", content)}
        return client.post(reverse("debtors:indices"), form)

    assert hand_in(b"mes;taxa\n08/2026;um\n").context["errors"][0][0].code == "index_not_a_rate"
    assert hand_in(IPCA).status_code == 302
    rows = {row.index: row for row in client.get(reverse("debtors:indices")).context["rows"]}
    assert (rows["ipca"].first, rows["ipca"].last, rows["ipca"].gap_count) == (
        date(2026, 8, 1),
        date(2026, 10, 1),
        0,
    )


def test_what_is_short_by_the_creditors_tolerance_is_forgiven_in_the_ledger():
    debt = debt_of(creditor_with(tolerance_cents=5), due_on=TODAY)

    pay(debt, 9_996)

    assert owed(debt).total_cents == 0
    assert owed(debt).discount_cents == 4
    assert entries(debt, EntryKind.DISCOUNT) == [-4]


def test_one_centavo_more_than_the_tolerance_stays_owed_and_a_payment_taken_back_takes_its_discount_along():
    debt = debt_of(creditor_with(tolerance_cents=5), due_on=TODAY)
    almost = pay(debt, 9_994, number="almost")
    assert owed(debt).total_cents == 6
    pay(debt, 2, number="rest")
    assert owed(debt).total_cents == 0

    ledger.reverse_payment(almost, reason="bounced", now=NOW)

    assert owed(debt).total_cents == 9_994
    assert ledger_audit.look_over(now=NOW) == 0


def test_late_money_up_to_the_tolerance_is_forgiven_while_more_is_still_to_fall_due():
    debt = make_debt(
        creditor=creditor_with(tolerance_cents=5),
        installments=[(TODAY - timedelta(days=10), 10_000), (TODAY + timedelta(days=30), 10_000)],
    )

    pay(debt, 10_230)  # R$ 102.33 were due: a fee of R$ 2.00, ten days of interest

    assert owed(debt).due_cents == 0
    assert owed(debt).principal_cents == 10_000


def test_the_creditors_order_decides_which_addition_a_payment_realises():
    debt = debt_of(creditor_with(settling_order="interest_first"))

    pay(debt, 200)

    assert entries(debt, EntryKind.INTEREST) == [200]
    assert entries(debt, EntryKind.LATE_FEE) == []


def test_costs_are_owed_from_their_day_on_and_settled_first():
    debt = debt_of(make_creditor(), due_on=TODAY + timedelta(days=9))

    ledger.add_cost(debt, amount_cents=1_500, incurred_on=TODAY, reason="cartório", by=None, now=NOW)
    pay(debt, 2_000)

    assert entries(debt, EntryKind.COSTS) == [1_500]
    assert (owed(debt).costs_cents, owed(debt).principal_cents) == (0, 9_500)


def test_money_without_a_debt_meets_the_next_one_that_is_taken_in():
    portfolio = make_portfolio()
    debt = make_debt(portfolio=portfolio, installments=[(TODAY, 10_000)])
    extra = pay(debt, 13_000)
    file = (
        "cpf_cnpj;nome;contrato;parcela;vencimento;valor\n"
        f"{debt.debtor.tax_id};{debt.debtor.name};N-1;1;10/12/2026;50,00\n"
    )

    importing.import_at_once(
        file.encode(), file_name="x.csv", creditor=portfolio.creditor, portfolio_name=portfolio.name,
        only_good=False, now=NOW,
    )  # fmt: skip

    balance = queries.balance_with(debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, on=TODAY)
    assert (balance.total_cents, ledger.unallocated_cents(extra)) == (2_000, 0)


def test_money_without_a_debt_fills_the_room_that_a_payment_taken_back_leaves():
    debt = debt_of(make_creditor(), due_on=TODAY)
    first, second = pay(debt, 10_000, number="1"), pay(debt, 4_000, number="2")
    assert ledger.unallocated_cents(second) == 4_000

    ledger.reverse_payment(first, reason="returned", now=NOW)

    assert (owed(debt).total_cents, ledger.unallocated_cents(second)) == (6_000, 0)
    assert ledger.unallocated_cents(first) == 0


def test_a_payment_that_met_no_debt_can_be_taken_back_and_never_meets_one_again():
    debt = debt_of(make_creditor(), due_on=TODAY)
    first, beyond = pay(debt, 10_000, number="1"), pay(debt, 4_000, number="2")

    ledger.reverse_payment(beyond, reason="wrong payer", now=NOW)
    ledger.reverse_payment(first, reason="returned", now=NOW)

    assert owed(debt).total_cents == 10_000
    with pytest.raises(ledger.AlreadyReversedError):
        ledger.reverse_payment(beyond, reason="again", now=NOW)


def test_terms_that_change_settle_what_was_paid_before_anew():
    creditor = make_creditor()
    debt = debt_of(creditor, due_on=TODAY - timedelta(days=30))
    payment = pay(debt, 10_300)
    Creditor.objects.filter(pk=creditor.pk).update(monthly_interest_rate=0)

    terms.have_changed([creditor])
    assert ledger_audit.look_over(now=NOW) == 0  # not yet settled anew: no doubt, but no verdict either
    assert terms.settle_by_new_terms(now=NOW) == 1

    assert ledger.unallocated_cents(payment) == 100
    assert sum(LedgerEntry.objects.filter(debt=debt).values_list("amount_cents", flat=True)) == 0
    assert ledger_audit.look_over(now=NOW) == 0


def test_who_has_paid_does_not_owe_again_when_the_creditor_asks_for_more_and_one_who_owes_does():
    creditor = make_creditor()
    paid, open_one = (debt_of(creditor, due_on=TODAY - timedelta(days=30)) for _ in range(2))
    pay(paid, 10_300)
    pay(open_one, 5_000, number="E2")

    for rate, asked in (("0.02", 10_400), ("0.05", 10_700), ("0.03", 10_500)):
        Creditor.objects.filter(pk=creditor.pk).update(monthly_interest_rate=Decimal(rate))
        terms.have_changed([creditor])
        terms.settle_by_new_terms(now=NOW)

        assert (owed(paid).total_cents, owed(open_one).total_cents) == (0, asked - 5_000)
        assert ledger_audit.look_over(now=NOW) == 0


def test_who_paid_something_is_left_in_peace_until_it_is_settled_by_the_new_terms():
    make_policy(now=NOW)
    creditor = make_creditor()
    paid, open_one, other = (debt_of(creditor, due_on=TODAY - timedelta(days=30)) for _ in range(3))
    pay(paid, 10_300)
    pay(open_one, 5_000, number="E2")
    Creditor.objects.filter(pk=creditor.pk).update(monthly_interest_rate=Decimal("0.02"))

    terms.have_changed([creditor])
    assert [reasons(debt) for debt in (paid, open_one, other)] == [IN_DOUBT, IN_DOUBT, ()]
    terms.settle_by_new_terms(now=NOW, limit=1)
    assert [reasons(debt) for debt in (paid, open_one, other)] == [NOTHING_OWED, IN_DOUBT, ()]
    terms.settle_by_new_terms(now=NOW)
    assert [reasons(debt) for debt in (paid, open_one, other)] == [NOTHING_OWED, (), ()]


def test_terms_that_change_while_a_round_is_under_way_begin_another(monkeypatch):
    creditor = make_creditor()
    debt = debt_of(creditor, due_on=TODAY - timedelta(days=30))
    payment = pay(debt, 10_300)
    terms.have_changed([creditor])
    make_room = ledger.make_room

    def settle_and_change(**between):
        monkeypatch.setattr(ledger, "make_room", make_room)
        make_room(**between)
        Creditor.objects.filter(pk=creditor.pk).update(monthly_interest_rate=0)
        terms.have_changed([creditor])

    monkeypatch.setattr(ledger, "make_room", settle_and_change)
    terms.settle_by_new_terms(now=NOW)
    assert ledger.unallocated_cents(payment) == 0
    tasks.settle_by_new_terms.call()

    assert ledger.unallocated_cents(payment) == 100


def test_money_that_met_no_debt_does_not_pay_what_only_new_terms_ask_for():
    creditor = make_creditor()
    debt = debt_of(creditor, due_on=TODAY - timedelta(days=30))
    payment = pay(debt, 10_400)
    Creditor.objects.filter(pk=creditor.pk).update(monthly_interest_rate=Decimal("0.05"))

    terms.have_changed([creditor])
    terms.settle_by_new_terms(now=NOW)

    assert ledger.unallocated_cents(payment) == 100
    assert owed(debt).total_cents == 0


def test_many_debtors_are_settled_anew_in_rounds():
    creditor = make_creditor()
    for number in range(3):
        pay(debt_of(creditor), 5_000, number=f"P{number}")
    terms.have_changed([creditor])

    assert [terms.settle_by_new_terms(now=NOW, limit=2) for _ in range(3)] == [2, 1, 0]
    creditor.refresh_from_db()
    assert creditor.resettle_from is None


def test_a_due_date_on_a_sunday_is_paid_without_additions_on_monday_and_with_all_of_them_on_tuesday():
    sunday = date(2026, 11, 15)  # a holiday too
    debt = debt_of(make_creditor(), due_on=sunday)

    assert owed(debt, on=sunday + timedelta(days=1)).total_cents == 10_000
    assert owed(debt, on=sunday + timedelta(days=2)).interest_cents == 7


def test_a_contract_brings_its_own_rates_in_the_file_and_one_beyond_the_law_is_refused_by_row_and_column():
    portfolio = make_portfolio()
    head = "cpf_cnpj;nome;contrato;vencimento;valor;multa_percentual;juros_percentual_ao_mes\n"
    good = "738.197.531-92;Vicente Sampaio;CT-1;15/09/2026;100,00;1;0,5\n"
    bad = "529.982.247-25;Maria Souza;CT-2;15/09/2026;100,00;10;1\n"

    with pytest.raises(importing.RowsAreWrongError) as refused:
        importing.import_at_once(
            (head + good + bad).encode(), file_name="x.csv", creditor=portfolio.creditor,
            portfolio_name=portfolio.name, only_good=False, now=NOW,
        )  # fmt: skip
    importing.import_at_once(
        (head + good).encode(), file_name="x.csv", creditor=portfolio.creditor,
        portfolio_name=portfolio.name, only_good=False, now=NOW,
    )  # fmt: skip

    (error,) = refused.value.plan.errors
    assert (error.line, error.column, error.value, error.code) == (
        3, "multa_percentual", "10", "late_fee_too_high",
    )  # fmt: skip
    debt = portfolio.debts.get()
    assert (owed(debt).late_fee_cents, owed(debt).interest_cents) == (100, 115)


def test_a_manager_adds_a_cost_to_a_contract_and_it_is_owed(admin_client):
    debt = debt_of(make_creditor(), due_on=TODAY + timedelta(days=900))
    form = {
        "creditor": debt.creditor_id, "contract": debt.contract, "amount": "15,00",
        "incurred_on": "2026-11-20", "reason": "cartório",
    }  # fmt: skip
    page = reverse("admin:debtors_cost_add")

    assert admin_client.post(page, form | {"contract": "?"}).status_code == 200
    assert admin_client.post(page, form).status_code == 302

    assert owed(debt).costs_cents == 1_500


def test_what_was_paid_beyond_the_debt_is_shown_and_never_negative(client):
    debt = debt_of(make_creditor(), due_on=TODAY)
    pay(debt, 12_345, paid_on=date(2026, 11, 20))
    client.force_login(make_manager())

    (account,) = client.get(reverse("contacts:debtor", args=[debt.debtor_id])).context["accounts"]

    assert (account.balance.total_cents, account.beyond_cents) == (0, 2_345)
