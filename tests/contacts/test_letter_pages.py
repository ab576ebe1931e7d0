"""The managers' pages of letters: what waits, a pile to print and post, what to take out of it."""

import csv
import io
import zipfile
from hashlib import sha256

import pytest
from django.utils import timezone

from contacts.models import Contact, Letter, LetterBatch
from contacts.services import dispatch, letters, outbox
from contacts.vocabulary import Channel, ContactState
from debtors.services import pdf
from tests.factories import (
    house_creditor,
    make_address,
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

pytestmark = pytest.mark.django_db
LETTERS = "/contacts/letters/"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture(autouse=True)
def house(settings, tmp_path, monkeypatch):
    """A house that posts letters; the child process that makes PDFs is told of elsewhere."""
    settings.CHANNELS = settings.CHANNELS | {"letter": "print"}
    settings.LETTERS_DIR, settings.JOURNAL_DIR = tmp_path / "letters", tmp_path / "journal"
    monkeypatch.setattr(pdf, "of_each", lambda pages, *, css: [f"%PDF {page}".encode() for page in pages])
    make_policy(now=timezone.now(), windows=ALWAYS, minor_age=None)
    return tmp_path / "letters"


@pytest.fixture
def helena(client):
    manager = make_manager(username="Helena")
    client.force_login(manager)
    return manager


def printed(*names: str) -> list[Letter]:
    """Letters to these people, permitted and printed."""
    now = timezone.now()
    text = make_template(channel=Channel.LETTER, body="Ola. Ligue {{ phone }}.", subject="Um recado")
    for name in names:
        debtor = make_debtor(name=name)
        make_address(debtor=debtor, street="Rua A, 1", postal_code="01001000")
        make_debt(debtor=debtor)
        outbox.want(
            Contact(
                wanted_by=f"test:{debtor.pk}",
                debtor=debtor,
                creditor=house_creditor(),
                channel=Channel.LETTER,
                template=text,
                not_before=now,
                created_at=now,
            )
        )
    dispatch.pump(clock=timezone.now)
    letters.print_waiting(clock=timezone.now)
    return list(Letter.objects.order_by("pk"))


def pile(client, *names: str) -> LetterBatch:
    printed(*names)
    client.post(f"{LETTERS}gather/")
    return LetterBatch.objects.get()


def downloaded(client, batch: LetterBatch) -> zipfile.ZipFile:
    answer = client.get(f"{LETTERS}batches/{batch.pk}/download/")
    assert answer["Content-Disposition"] == f'attachment; filename="cartas-{batch.pk}.zip"'
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_what_waits_is_shown_and_becomes_a_pile(client, helena):
    printed("Ana Lima", "Rui Melo")

    before = client.get(LETTERS).content.decode()
    after = client.post(f"{LETTERS}gather/", follow=True).content.decode()

    assert "Fazer um lote com estas 2 cartas" in before
    assert "Ana Lima" in before
    assert "Marcar 2 cartas como postadas" in after
    assert LetterBatch.objects.get().letters.count() == 2


def test_a_pile_is_an_archive_of_prints_with_the_table_of_recipients(client, helena):
    archive = downloaded(client, pile(client, "Ana Lima", "Rui Melo"))

    *names, table = archive.namelist()
    titles, *rows = csv.reader(io.StringIO(archive.read(table).decode("utf-8-sig")), delimiter=";")
    assert titles == ["arquivo", "referencia", "nome", "endereco", "cidade", "sha256"]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        (name, who, "01001-000 São Paulo – SP")
        for name, who in zip(names, ["Ana Lima", "Rui Melo"], strict=True)
    ]
    assert [sha256(archive.read(name)).hexdigest() for name in names] == [row[5] for row in rows]


def test_no_recipient_is_a_formula_in_a_spreadsheet(client, helena):
    archive = downloaded(client, pile(client, '=HYPERLINK("x")'))

    assert "'=HYPERLINK" in archive.read("destinatarios.csv").decode()


def test_printed_again_it_is_the_same_bytes_before_and_after_it_was_posted(client, helena):
    batch = pile(client, "Ana Lima", "Rui Melo")
    page = f"{LETTERS}batches/{batch.pk}/"
    before = client.get(f"{page}download/").content

    client.post(f"{page}posted/", {"posted_on": f"{timezone.localdate():%d/%m/%Y}"})

    assert client.get(f"{page}download/").content == before
    assert "Imprimir de novo" in client.get(page).content.decode()
    assert set(Contact.objects.values_list("state", flat=True)) == {ContactState.SENT}


def test_a_day_to_come_is_refused_beside_its_field(client, helena):
    batch = pile(client, "Ana Lima")

    answer = client.post(f"{LETTERS}batches/{batch.pk}/posted/", {"posted_on": "01/01/2099"})

    assert answer.status_code == 422
    assert "Esse dia ainda não chegou" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.posted_on is None


def test_what_was_taken_back_is_named_as_to_be_taken_out_of_the_pile(client, helena):
    batch = pile(client, "Ana Lima", "Rui Melo")
    ana, rui = Letter.objects.order_by("pk")

    client.post(f"{LETTERS}{ana.pk}/take-back/")

    text = client.get(f"{LETTERS}batches/{batch.pk}/").content.decode()
    assert "1 carta foi retirada desde então" in text
    assert "retirada: não postar" in text
    [name, _table] = downloaded(client, batch).namelist()
    assert f"carta-{rui.contact_id}-" in name


def test_one_letter_is_looked_at_as_it_is_printed(client, helena):
    [letter] = printed("Ana Lima")

    answer = client.get(f"{LETTERS}{letter.pk}/print/")

    assert answer["Content-Type"] == "application/pdf"
    assert sha256(answer.content).hexdigest() == letter.sha256


def test_a_letter_that_the_post_brought_back_is_kept_as_that(client, helena):
    batch = pile(client, "Ana Lima")
    [letter] = Letter.objects.all()
    client.post(f"{LETTERS}batches/{batch.pk}/posted/", {"posted_on": f"{timezone.localdate():%d/%m/%Y}"})

    answer = client.post(f"{LETTERS}{letter.pk}/take-back/", {"what": "came_back"}, follow=True)

    assert "voltou" in answer.content.decode()
    assert Contact.objects.get().outcome == "failed"


def test_in_the_sandbox_the_page_says_why_nothing_waits(client, helena, settings):
    settings.CHANNELS = settings.CHANNELS | {"letter": "sandbox"}

    assert "LETTER_CHANNEL=print" in client.get(LETTERS).content.decode()


def test_agents_neither_see_nor_post_letters(client):
    [letter] = printed("Ana Lima")
    client.force_login(make_agent())

    assert client.get(LETTERS).status_code == 403
    assert client.get(f"{LETTERS}{letter.pk}/print/").status_code == 403
    assert client.post(f"{LETTERS}gather/").status_code == 403
