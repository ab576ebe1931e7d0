"""Reads whose SQL is written once: they return what the query itself returns, for any values."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F

from debtors.models import Debtor, PromiseToPay
from debtors.queries.compiled import LENGTHS, Read, together
from tests.factories import house_creditor, make_debtor, make_phone

pytestmark = pytest.mark.django_db


def named(names: list[str]):
    return Debtor.objects.filter(name__in=names).order_by("pk").values_list("pk", "created_at")


def older(pk: int, than):
    return Debtor.objects.filter(pk__lt=pk, created_at__lt=than).order_by("-pk").values_list("pk", flat=True)


@pytest.mark.parametrize("count", [0, 1, 2, LENGTHS[1], LENGTHS[1] + 1, LENGTHS[-1] + 1])
def test_a_list_of_any_length_finds_what_the_query_finds(count):
    read, names = Read(named), [f"Pessoa {number}" for number in range(count)]
    everybody = [make_debtor(name=name) for name in ["Outra", *names]]

    assert [pk for pk, _created_at in read(names=names)] == [each.pk for each in everybody[1:]]
    assert read(names=names) == list(named(names))


def test_the_same_words_serve_other_values():
    read = Read(older)
    first, second, third = make_debtor(), make_debtor(), make_debtor()
    later = third.created_at + timedelta(days=1)

    assert read(pk=third.pk, than=later) == [second.pk, first.pk]
    assert read(pk=second.pk, than=later) == [first.pk]
    assert read(pk=third.pk, than=first.created_at - timedelta(days=1)) == []


def test_what_is_asked_together_is_answered_by_name_each_in_its_own_types():
    debtor = make_debtor(name="Ana; Silva")
    make_phone(debtor=debtor)
    values = {"names": ["Ana; Silva"]}

    found = together(
        some=(Read(named), values), none=(Read(named), {"names": []}), other=(Read(named), {"names": ["X"]})
    )

    assert found == {"some": list(named(["Ana; Silva"])), "none": [], "other": []}


def promised_by(names: list[str]):
    found = PromiseToPay.objects.filter(debtor__name__in=names).annotate(by=F("debtor__name"))
    return found.select_related("debtor", "made_to").order_by("pk")


def test_a_read_of_objects_gives_whole_ones_with_those_they_are_selected_with(django_assert_num_queries):
    promise = PromiseToPay.objects.create(
        debtor=make_debtor(name="Ana"), creditor=house_creditor(), amount_cents=5_000,
        promised_on=date(2027, 1, 4), made_at=datetime(2026, 12, 1, 12, tzinfo=UTC),
    )  # fmt: skip
    read = Read(promised_by)

    for _again in range(2):
        [found] = read(names=["Ana"])
        with django_assert_num_queries(0):
            assert (found.pk, found.amount_cents, found.made_at) == (promise.pk, 5_000, promise.made_at)
            assert (found.by, found.debtor.name, found.made_to) == ("Ana", "Ana", None)
        found.save()  # as what is there already
    assert PromiseToPay.objects.count() == 1


def test_a_read_must_compare_with_every_value_it_takes():
    careless = Read(lambda names, pk: named(names))

    with pytest.raises(ValueError, match="does not compare"):
        careless(names=["Ana"], pk=1)
    with pytest.raises(TypeError):
        careless(names=[b"Ana"], pk=1)
