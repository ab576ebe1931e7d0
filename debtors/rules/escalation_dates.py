"""Days that the law or its practice sets around a credit bureau and a notary.

Leads with their source, not advice; a wait that no law sets is marked as practice.
"""

from collections.abc import Container, Mapping
from datetime import date, timedelta
from enum import StrEnum

from collections_crm.lib import workdays
from debtors.rules import limitation

BUREAU_YEARS = 5
BUREAU_WAIT_DAYS = 10  # practice of the bureaus; no federal law sets it
REMOVAL_WORKDAYS = 5
REGISTRATION_WORKDAYS = 3
NEGOTIATION_DAYS = 30


class Service(StrEnum):
    """How a notary serves a debtor, one way after the other."""

    ELECTRONIC = "electronic"
    CARRIER = "carrier"
    PUBLIC_NOTICE = "public_notice"


#: After so many working days without proof of receipt the next way follows.
_SERVICE_WORKDAYS: Mapping[Service, int] = {Service.ELECTRONIC: 3, Service.CARRIER: 7}
_NEXT_SERVICE: Mapping[Service, Service] = {
    Service.ELECTRONIC: Service.CARRIER,
    Service.CARRIER: Service.PUBLIC_NOTICE,
}


def last_day_in_bureau(due_on: date) -> date:
    """Return the last day on which a debt may stand in a credit bureau: five years from its due date.

    Source: Consumer Code, art. 43 §1; STJ, Súmula 323.
    """
    return limitation.add_years(due_on, BUREAU_YEARS)


def listing_from(delivered_on: date, *, wait_days: int = BUREAU_WAIT_DAYS) -> date:
    """Return the first day of a listing after the bureau's notice was delivered, with proof of it.

    Source: Consumer Code, art. 43 §2; STJ, Súmula 359 and Tema 1.315 (electronic notice).
    """
    return delivered_on + timedelta(days=wait_days)


def removal_due_by(available_on: date, *, closed: Container[date] = frozenset()) -> date:
    """Return the last day to have a listing removed after the money was there: five working days.

    The first working day after `available_on` counts as the first.

    Source: STJ, Súmula 548; REsp 1.424.792/BA.
    """
    return workdays.after(available_on, days=REMOVAL_WORKDAYS, closed=closed)


def protest_registered_by(protocol_on: date, *, closed: Container[date] = frozenset()) -> date:
    """Return the last working day on which a notary registers a protest; the day of protocol does not count.

    Source: Law 9.492/1997, art. 12; several states count from service instead.
    """
    return workdays.after(protocol_on, days=REGISTRATION_WORKDAYS, closed=closed)


def next_service(
    way: Service, *, sent_on: date, closed: Container[date] = frozenset()
) -> tuple[Service, date] | None:
    """Return which way of service follows one without proof of receipt, and from when; None after the last.

    Source: Law 9.492/1997, art. 14 §§3 to 5, wording of Law 14.711/2023.
    """
    if way not in _NEXT_SERVICE:
        return None
    waited = workdays.after(sent_on, days=_SERVICE_WORKDAYS[way], closed=closed)
    return _NEXT_SERVICE[way], workdays.after(waited, days=1, closed=closed)


def negotiation_until(offered_on: date) -> date:
    """Return the last day of the negotiation that a notary may hold before a protest.

    Source: Law 9.492/1997, art. 11-A.
    """
    return offered_on + timedelta(days=NEGOTIATION_DAYS)
