"""Builders with boring defaults: a test says what differs, the builder the rest."""

from tests.factories.cases import make_case, make_step, make_strategy
from tests.factories.contacts import make_call, make_contact, make_policy, make_template
from tests.factories.debtors import (
    house_creditor,
    house_portfolio,
    make_address,
    make_creditor,
    make_debt,
    make_debtor,
    make_email,
    make_phone,
    make_portfolio,
)
from tests.factories.payments import make_payment, make_promise
from tests.factories.people import make_agent, make_manager
from tests.factories.talks import confirm_person

__all__ = [
    "confirm_person",
    "house_creditor",
    "house_portfolio",
    "make_address",
    "make_agent",
    "make_call",
    "make_case",
    "make_contact",
    "make_creditor",
    "make_debt",
    "make_debtor",
    "make_email",
    "make_manager",
    "make_payment",
    "make_phone",
    "make_policy",
    "make_portfolio",
    "make_promise",
    "make_step",
    "make_strategy",
    "make_template",
]
