"""The case card shows what lies between one debtor and one creditor, and nothing of another's."""

import pytest
from django.urls import reverse

from tests.factories import make_case, make_contact, make_creditor, make_policy, make_strategy

pytestmark = pytest.mark.django_db


def test_what_was_written_for_another_creditor_is_not_on_the_card(client, agent, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()
    case = make_case(now=monday_10am)
    for creditor, body in ((case.creditor, "palavra nossa"), (make_creditor(), "palavra alheia")):
        contact = make_contact(debtor=case.debtor, creditor=creditor, at=monday_10am)
        type(contact).objects.filter(pk=contact.pk).update(body=body)
    client.force_login(agent)

    page = client.get(reverse("dunning:case", args=[case.pk])).content.decode()

    assert "palavra nossa" in page
    assert "palavra alheia" not in page
