"""The pages of an import: hand in, report, take in; and what a broken file gets."""

import gzip
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from debtors.models import Debtor, ImportRun
from debtors.vocabulary import ImportState
from tests.factories import make_agent, make_creditor, make_manager, make_portfolio

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def portfolio():
    return make_portfolio(creditor=make_creditor(brand="Loja Sol"))


@pytest.fixture
def manager(client):
    client.force_login(make_manager())
    return client


def hand_in(client, content, portfolio, *, name="dividas.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("debtors:import"), {"portfolio": portfolio.pk, "file": file})


def decide(client, run, wanted):
    return client.post(reverse("debtors:import_take_in", args=[run.pk]), {"do": wanted}, follow=True)


def test_a_file_is_handed_in_checked_and_imported(manager, portfolio):
    answer = hand_in(manager, (DATA / "sample_windows1252.csv").read_bytes(), portfolio)

    run = ImportRun.objects.get()
    assert answer.url == reverse("debtors:import_report", args=[run.pk])
    assert 'value="all"' in manager.get(answer.url).content.decode()
    assert Debtor.objects.count() == 0

    decide(manager, run, "all")

    assert Debtor.objects.count() == 20
    assert 'value="all"' not in manager.get(answer.url).content.decode()


def test_the_report_names_line_column_value_and_reason(manager, portfolio):
    answer = hand_in(manager, (DATA / "sample_errors.csv").read_bytes(), portfolio)

    page = manager.get(answer.url).content.decode()

    for shown in ("390.533.447-06", "telefone_1", "98765-4321", 'value="good"'):
        assert shown in page
    assert 'value="all"' not in page


def test_the_good_rows_alone_are_imported_when_the_manager_says_so(manager, portfolio):
    hand_in(manager, (DATA / "sample_errors.csv").read_bytes(), portfolio)

    decide(manager, ImportRun.objects.get(), "good")

    assert Debtor.objects.count() == 2


def test_asking_for_all_rows_of_a_wrong_file_imports_nothing(manager, portfolio):
    hand_in(manager, (DATA / "sample_errors.csv").read_bytes(), portfolio)

    answer = decide(manager, ImportRun.objects.get(), "all")

    assert answer.status_code == 200
    assert (Debtor.objects.count(), ImportRun.objects.get().state) == (0, ImportState.CHECKED)


def test_pressing_import_twice_imports_once(manager, portfolio):
    hand_in(manager, (DATA / "sample_windows1252.csv").read_bytes(), portfolio)
    run = ImportRun.objects.get()

    decide(manager, run, "all")
    answer = decide(manager, run, "all")

    assert (answer.status_code, Debtor.objects.count()) == (200, 20)


def test_a_file_put_away_is_forgotten(manager, portfolio):
    hand_in(manager, (DATA / "sample_windows1252.csv").read_bytes(), portfolio)

    decide(manager, ImportRun.objects.get(), "discard")

    run = ImportRun.objects.get()
    assert (run.state, run.content, Debtor.objects.count()) == (ImportState.REFUSED, None, 0)


def test_a_file_imported_before_is_named_as_such(manager, portfolio):
    content = (DATA / "sample_windows1252.csv").read_bytes()
    hand_in(manager, content, portfolio)
    decide(manager, ImportRun.objects.get(), "all")

    answer = hand_in(manager, content, portfolio)

    assert manager.get(answer.url).context["earlier"] == ImportRun.objects.order_by("pk").first()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b" \n \n"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50),
        ("page.csv", b"<html><body>cpf_cnpj;nome</body></html>"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100),
        ("cut.xlsx", (DATA / "sample_debts.xlsx").read_bytes()[:5000]),
        ("packed.csv", gzip.compress(b"cpf_cnpj;nome\n", mtime=0)),
        ("zeros.csv", b"cpf_cnpj;nome\n\x00\x00;\x00\n"),
        ("one_column.csv", b"cpf\n52998224725\n"),
        ("open_quote.csv", b'cpf_cnpj;nome;contrato;vencimento;valor\n"529;x;y;z\n'),
        ("titles_only.csv", b"cpf_cnpj;nome;contrato;vencimento;valor\n"),
        ("large.csv", b"cpf_cnpj;nome\n" + b"x" * (20 * 2**20)),
    ],
)
def test_a_broken_file_gets_a_sentence_beside_the_field(manager, portfolio, name, content):
    answer = hand_in(manager, content, portfolio, name=name)

    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"][0]) > 20
    assert (ImportRun.objects.count(), Debtor.objects.count()) == (0, 0)


def test_a_file_with_other_titles_is_told_which_are_missing(manager, portfolio):
    answer = hand_in(manager, b"nome;valor;cor\x07\nMaria;10,00;azul\n", portfolio)

    run = ImportRun.objects.get()
    assert run.state == ImportState.REFUSED
    assert [error["column"] for error in run.errors] == ["cpf_cnpj", "contrato", "vencimento"]
    assert 'name="do"' not in manager.get(answer.url).content.decode()


def test_a_cell_with_markup_is_shown_as_text(manager, portfolio):
    answer = hand_in(
        manager, b"cpf;nome;contrato;vencimento;valor\n<script>alert(1)</script>;a;b;c;d\n", portfolio
    )

    assert "<script>alert(1)" not in manager.get(answer.url).content.decode()


def test_an_agent_cannot_import(client, portfolio):
    client.force_login(make_agent())

    assert client.get(reverse("debtors:import")).status_code == 403
    assert hand_in(client, b"x", portfolio).status_code == 403
    assert client.get(reverse("debtors:import_template")).status_code == 403


def test_without_a_portfolio_the_page_asks_for_one_and_takes_no_file(manager):
    page = manager.get(reverse("debtors:import")).content.decode()

    assert "multipart/form-data" not in page
    assert "empty-state" in page


def test_the_empty_table_has_titles_that_the_import_understands(manager, portfolio):
    table = manager.get(reverse("debtors:import_template")).content.decode("utf-8-sig")
    told = {
        "cpf_cnpj": "529.982.247-25",
        "nome": "Maria",
        "telefone_1": "11 98765-4321",
        "contrato": "C-1",
        "vencimento": "10/10/2026",
        "valor": "10,00",
    }
    row = ";".join(told.get(title, "") for title in table.strip().split(";"))

    hand_in(manager, f"{table}{row}\n".encode(), portfolio)

    run = ImportRun.objects.get()
    assert (run.errors, run.counts["good_rows"], run.counts["ignored_titles"]) == ([], 1, [])
    assert run.counts["points"] == 1


@pytest.mark.parametrize("runs", [1, 3])
def test_the_page_asks_the_database_as_often_for_three_files_as_for_one(
    manager, portfolio, django_assert_num_queries, runs
):
    for _ in range(runs):
        hand_in(manager, (DATA / "sample_windows1252.csv").read_bytes(), portfolio)
    manager.get(reverse("debtors:import"))

    with django_assert_num_queries(PAGE_QUERIES):
        manager.get(reverse("debtors:import"))


PAGE_QUERIES = 6
