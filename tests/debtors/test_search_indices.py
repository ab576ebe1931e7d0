"""On PostgreSQL the search reads indices, never a million names: the plans of the very queries say so."""

import pytest
from django.db import connection

from debtors.models import Debt, Debtor
from debtors.queries import finding
from debtors.rules import searching
from tests.factories import make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def no_reading_through(db):
    """Leave the planner no way but an index, as a million rows would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.parametrize(
    ("typed", "index"),
    [("maria silva", "debtor_folded_words"), ("josé", "debtor_folded_words")],
)
def test_words_of_a_name_are_found_by_trigrams(typed, index):
    wanted = searching.understand(typed)

    assert index in finding.sought_by(make_manager(), wanted=wanted).explain()


def test_whoever_is_called_exactly_so_is_found_by_his_name():
    exactly = Debtor.objects.filter(folded_name=searching.folded("maria"))

    assert "debtor_folded_begins" in exactly.explain()


def test_the_beginning_of_a_contract_is_found_by_its_index():
    assert "debt_contract_begins" in Debt.objects.filter(contract__istartswith="ct-77").explain()
