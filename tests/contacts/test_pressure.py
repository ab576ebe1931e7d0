"""Contact pressure: the database counts as the rule does."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from contacts import queries
from contacts.models import Contact
from contacts.queries import pressure as pressure_queries
from contacts.rules import pressure as rules
from contacts.vocabulary import ContactState, Outcome
from tests.factories import make_contact, make_debtor, make_policy

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAPS = {"total": {"per_day": 2, "per_7_days": 4}}

pytestmark = pytest.mark.django_db


def test_the_database_counts_every_kind_of_contact_as_the_rule_does():
    make_policy(now=NOON, caps=CAPS)
    terms = pressure_queries.house_terms()
    kinds = [(state, "") for state in ContactState if state != ContactState.CONCLUDED]
    kinds += [(ContactState.CONCLUDED, outcome) for outcome in Outcome]
    for (state, outcome), is_inbound in product(kinds, (False, True)):
        debtor = make_debtor()
        for hours in (1, 30):
            made = make_contact(debtor=debtor, at=NOON - hours * HOUR, state=state, outcome=outcome)
            Contact.objects.filter(pk=made.pk).update(is_inbound=is_inbound)

    rows = pressure_queries.pressed(terms=terms, now=NOON, at_least=1)
    counted = {row["debtor_id"]: row["percent"] for row in rows}

    known = queries.gather({made.debtor for made in Contact.objects.select_related("debtor")}, now=NOON)
    by_rule = {
        debtor: rules.pressure(contacts, terms=terms, now=NOON).percent
        for debtor, contacts in known.contacts.items()
    }
    assert counted == {debtor: percent for debtor, percent in by_rule.items() if percent}
    assert set(counted.values()) == {50}


@pytest.mark.parametrize("ago", [timedelta(hours=24), timedelta(hours=168)])
def test_a_contact_falls_out_of_the_count_in_the_same_instant(ago):
    make_policy(now=NOON, caps={"total": {"per_day": 1} if ago.days == 1 else {"per_7_days": 1}})
    terms = pressure_queries.house_terms()
    debtor = make_debtor()
    make_contact(debtor=debtor, at=NOON - ago)

    for now, share in ((NOON - timedelta(microseconds=1), 100), (NOON, 0)):
        contacts = queries.gather([debtor], now=now).contacts[debtor.pk]
        assert rules.pressure(contacts, terms=terms, now=now).percent == share
        assert len(pressure_queries.pressed(terms=terms, now=now, at_least=1)) == (share == 100)


@pytest.mark.sqlite
def test_the_week_is_read_by_its_index():
    make_policy(now=NOON, caps=CAPS)
    terms = pressure_queries.house_terms()

    plan = pressure_queries.pressed(terms=terms, now=NOON, at_least=50).explain()

    assert "contact_made_at" in plan
