"""`manage.py import_debts`: the same import for whoever works without a browser."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from debtors.models import Debt, Debtor, ImportRun, Portfolio
from tests.factories import make_creditor, make_portfolio

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
GOOD, WRONG = DATA / "sample_windows1252.csv", DATA / "sample_errors.csv"


@pytest.fixture
def creditor():
    return make_creditor(brand="Loja Sol")


def run(file, **options):
    """Return what the command wrote to its two outputs."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_debts", str(file), stdout=out, stderr=err, language="en", **options)
    return out.getvalue(), err.getvalue()


def test_a_file_is_imported_for_a_creditor_named_in_any_way(creditor):
    for name in (creditor.tax_id, "loja sol", creditor.name):
        run(GOOD, creditor=name)

    assert Debtor.objects.count() == 20
    assert set(Debt.objects.values_list("creditor", flat=True)) == {creditor.pk}
    assert ImportRun.objects.count() == 3


def test_the_report_counts_what_is_new(creditor):
    out, err = run(GOOD, creditor="Loja Sol")

    assert "Debtors: 20 new, 0 known." in out
    assert err == ""


def test_a_wrong_file_ends_with_an_error_and_imports_nothing(creditor):
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_debts", str(WRONG), creditor="Loja Sol", stdout=out, stderr=err, language="en")

    assert "Line 3, column cpf_cnpj, “390.533.447-06”: The check digits are wrong" in err.getvalue()
    assert (Debtor.objects.count(), ImportRun.objects.count(), Portfolio.objects.count()) == (0, 0, 0)


def test_the_good_rows_are_imported_when_asked(creditor):
    run(WRONG, creditor="Loja Sol", only_good=True)

    assert Debtor.objects.count() == 2


def test_a_check_writes_nothing(creditor):
    out, _err = run(GOOD, creditor="Loja Sol", check=True)

    assert "Debtors: 20 new" in out
    assert (Debtor.objects.count(), ImportRun.objects.count(), Portfolio.objects.count()) == (0, 0, 0)
    with pytest.raises(CommandError):
        run(WRONG, creditor="Loja Sol", check=True, only_good=True)


def test_new_debts_go_to_the_portfolio_named(creditor):
    make_portfolio(creditor=creditor, name="Cheques")

    run(GOOD, creditor="Loja Sol", portfolio="Boletos")

    assert set(Debt.objects.values_list("portfolio__name", flat=True)) == {"Boletos"}


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        (GOOD, {"creditor": "Nobody"}, "Loja Sol"),
        (DATA / "no_such_file.csv", {"creditor": "Loja Sol"}, "no_such_file.csv"),
        (DATA / "README.md", {"creditor": "Loja Sol"}, "column"),
        (Path("/dev/null"), {"creditor": "Loja Sol"}, "empty"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(creditor, file, options, said):
    with pytest.raises(CommandError, match=said):
        run(file, **options)


def test_a_creditor_with_several_portfolios_needs_one_named(creditor):
    make_portfolio(creditor=creditor)
    make_portfolio(creditor=creditor)

    with pytest.raises(CommandError, match="--portfolio"):
        run(GOOD, creditor="Loja Sol")

    assert Debtor.objects.count() == 0


def test_the_report_is_in_portuguese_unless_english_is_asked_for(creditor):
    out = io.StringIO()

    call_command("import_debts", str(GOOD), creditor="Loja Sol", stdout=out)

    assert "Devedores: 20 novos" in out.getvalue()
