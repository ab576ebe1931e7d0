"""Every address for every role, as `tests/shape/addresses.py` declares it; nothing is left out of it.

A row of another portfolio is answered like one that does not exist: the same status and the same
words, so that nobody learns from an answer whom the house knows. Reading writes nothing: whoever
asks by GET here (`asking.ask`) fails when it does.
"""

import logging
import re

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tests.shape.addresses import ADDRESSES, NAMELESS, ROLES, answer_for_what_is_not_there
from tests.shape.answering import complaints_about
from tests.shape.asking import NAMES, PLACEHOLDER, ROUTES, address_of, addresses, ask
from tests.shape.office import Office, build_office

pytestmark = pytest.mark.django_db

LOGIN_PAGE = re.compile(r"/(admin/)?login/")
METHODS = ("GET", "POST")


@pytest.fixture
def office() -> Office:
    return build_office(now=timezone.now())


@pytest.fixture(autouse=True)
def no_log_of_refusals(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are asked for on purpose."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


def test_every_address_is_declared_and_nothing_else_is():
    assert set(NAMES) == ADDRESSES.keys()


def test_addresses_without_a_name_only_lead_on():
    routes = {route for name, route in addresses() if name.endswith(":")}

    assert {re.sub(r"\w+/\w+/<", "…/<", route) for route in routes} == NAMELESS


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_one_portfolio_is_answered_as_declared_and_with_every_protection(
    office, role, method
):
    column, is_shown = ROLES.index(role), method == "GET" and role != "anonymous"
    answered, complaints = {}, {}

    for name in ADDRESSES:
        response = ask(office, role, method, address_of(name, office.here))
        answered[name] = kind_of(response)
        if found := complaints_about(response, is_for_a_colleague=is_shown):
            complaints[name] = found

    assert answered == {name: row[method][column] for name, row in ADDRESSES.items()}
    assert complaints == {}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
def test_what_does_not_exist_is_answered_404_to_whoever_would_be_let_in(office, role, method):
    names = [name for name in ADDRESSES if PLACEHOLDER.search(ROUTES[name]) and name != "admin:app_list"]

    answered = {name: kind_of(ask(office, role, method, address_of(name, None))) for name in names}

    assert answered == {name: answer_for_what_is_not_there(name, method=method, role=role) for name in names}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ["agent", "agent_elsewhere"])
def test_what_belongs_to_another_portfolio_is_answered_like_what_does_not_exist(office, role, method):
    foreign = office.elsewhere if role == "agent" else office.here
    names = [name for name in of_our_pages() if PLACEHOLDER.search(ROUTES[name])]
    names.remove("contacts:policy_version")  # the house's, not a portfolio's
    for sealed in ("pay", "proposal", "proposal_document"):
        names.remove(sealed)  # whoever has a debtor's own address opens it

    for name in names:
        pages = [address_of(name, foreign), address_of(name, None)]
        foreign_answer, absent_answer = (told(ask(office, role, method, page), at=page) for page in pages)
        assert foreign_answer == absent_answer, name


def test_a_number_of_somebody_else_is_not_dialled_from_ones_own_case(office):
    number = office.elsewhere.debtor.points.all()[0]

    answer = ask(office, "agent", "POST", reverse("dunning:dial", args=[office.here.case.pk, number.pk]))

    assert answer.status_code == 404


def test_a_debtor_of_two_portfolios_has_in_each_desk_only_that_ones_case(office):
    here, elsewhere = office.here.case, office.elsewhere.case
    elsewhere.debtor = here.debtor
    elsewhere.save()

    assert ask(office, "agent", "GET", reverse("dunning:case", args=[here.pk])).status_code == 200
    assert ask(office, "agent", "GET", reverse("dunning:case", args=[elsewhere.pk])).status_code == 404


def of_our_pages() -> list[str]:
    return [name for name in ADDRESSES if not name.startswith("admin:")]


def kind_of(response: HttpResponse) -> str:
    """Return the class of an answer, in the words of the matrix."""
    if response.status_code == 302:
        return "login" if LOGIN_PAGE.match(response["Location"]) else "on"
    return "ok" if response.status_code in {200, 204} else str(response.status_code)


def told(response: HttpResponse, *, at: str) -> tuple[int, str, str]:
    """Return all that an answer tells, but for what changes with every answer or repeats the question."""
    text = response.content.decode()
    for secret in re.findall(r'(?:nonce|value)="([\w+/=-]{16,})"|CSRFToken": ?"(\w+)"', text):
        for each in filter(None, secret):
            text = text.replace(each, "…")
    return response.status_code, response.get("Location", "").replace(at, "…"), text.replace(at, "…")
