"""Long lists in a query: what is looked for in one piece is what would be found value by value."""

import pytest

from debtors.models import Debtor
from debtors.queries.among import LONGEST_WRITTEN_OUT, among
from tests.factories import make_debtor

pytestmark = pytest.mark.django_db
ODD = ["Ana 'Zé' \"Açaí\"", "50% {off}, \\ %s", "\U0001f600", "1"]


def test_as_many_as_are_found_value_by_value_are_found_in_one_piece(django_assert_num_queries):
    everybody = [make_debtor(name=name) for name in ODD]
    ids = [0] * LONGEST_WRITTEN_OUT + [each.pk for each in everybody[1:]]

    with django_assert_num_queries(1) as asked:
        found = list(Debtor.objects.filter(pk__in=among(ids)).order_by("pk"))

    assert found == everybody[1:]
    assert "SELECT" in asked.captured_queries[0]["sql"].split(" IN ")[1]
    assert not Debtor.objects.filter(pk__in=among([0] * 2 * LONGEST_WRITTEN_OUT)).exists()


def test_texts_are_found_letter_by_letter():
    everybody = [make_debtor(name=name) for name in [*ODD, "Outra"]]
    names = [*[f"Pessoa {number}" for number in range(LONGEST_WRITTEN_OUT)], *ODD]

    assert list(Debtor.objects.filter(name__in=among(names)).order_by("pk")) == everybody[:-1]
    assert list(Debtor.objects.exclude(name__in=among(names))) == everybody[-1:]


def test_few_values_are_written_out():
    assert among([1, 2]) == [1, 2]
    assert among([]) == []
