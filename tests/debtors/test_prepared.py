"""Reads that PostgreSQL keeps prepared answer whatever became of the connection that knew them."""

from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from debtors.models import Debtor
from debtors.queries.compiled import Read, together
from debtors.queries.prepared import statement
from tests.factories import make_debtor

BEYOND_A_NUMBER = 2**70


@Read
def names(debtors: list[int]):
    return Debtor.objects.filter(pk__in=debtors).order_by("pk").values_list("name", flat=True)


@pytest.mark.django_db(transaction=True)
def test_a_read_answers_on_a_connection_opened_anew_and_on_another_threads():
    ana = [make_debtor(name="Ana").pk]
    found = [names(debtors=ana)]
    connection.close()

    def ask() -> None:
        found.append(names(debtors=ana))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert [*found, names(debtors=ana)] == [["Ana"]] * 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_read_answers_though_its_session_is_another_one():
    ana = [make_debtor(name="Ana").pk]
    names(debtors=ana)

    _forget_what_is_prepared()

    assert names(debtors=ana) == names(debtors=ana) == ["Ana"]
    _forget_what_is_prepared()
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        names(debtors=ana)
    assert names(debtors=ana) == ["Ana"]


@pytest.mark.django_db
def test_a_read_answers_after_what_failed():
    ana = [make_debtor(name="Ana").pk]
    with transaction.atomic():
        names(debtors=ana)
        transaction.set_rollback(True)
    assert names(debtors=ana) == ["Ana"]

    with pytest.raises((DatabaseError, OverflowError)), transaction.atomic():
        together(first=(names, {"debtors": ana}), second=(names, {"debtors": [BEYOND_A_NUMBER, 1]}))
    assert names(debtors=ana) == ["Ana"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_read_answers_at_the_second_try_when_a_table_was_altered_below_it():
    assert names(debtors=[1]) == []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE debtors_debtor ALTER COLUMN name TYPE text")
        assert _answers_at_the_second_try()
        transaction.set_rollback(True)

    assert _answers_at_the_second_try()


@pytest.mark.django_db
def test_a_read_that_is_not_prepared_finds_the_same(settings):
    pair = [make_debtor(name="100% {Ana} \\ 'Zé'").pk, make_debtor().pk]
    settings.PREPARED_READS = False
    plainly = names(debtors=pair)
    settings.PREPARED_READS = True

    assert names(debtors=pair) == plainly


def test_a_changed_statement_has_another_name():
    first, *others = (
        statement(sql, types=[kind], called="read_it")
        for sql, kind in [("SELECT $1", "bigint"), ("SELECT  $1", "bigint"), ("SELECT $1", "text")]
    )

    assert len({first.name, *[each.name for each in others]}) == 3
    assert first == statement("SELECT $1", types=["bigint"], called="read_it")


def _answers_at_the_second_try() -> bool:
    with pytest.raises(DatabaseError, match="must not change result type"), transaction.atomic():
        names(debtors=[1])
    return names(debtors=[1]) == []


def _forget_what_is_prepared() -> None:
    """Do what another user of the session may have done: it knows no name any more."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
