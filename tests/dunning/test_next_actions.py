"""No open case is ever without a next action or a dated hold; when one is, managers are told."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from contacts.models import Finding
from contacts.services import holds
from contacts.vocabulary import FindingKind, HoldKind
from dunning.models import Case
from dunning.services import cases
from dunning.vocabulary import CaseState
from tests.factories import make_agent, make_case, make_manager, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def forgotten(db, monday_10am):
    """Return a case that somebody's mistake left without anything to come."""
    make_strategy()
    case = make_case(now=monday_10am)
    Case.objects.filter(pk=case.pk).update(next_plan_on=None, callable_from=None)
    return case


def test_a_case_without_a_next_action_is_found_and_managers_are_told(forgotten, monday_10am):
    make_case(now=monday_10am)

    assert cases.watch_next_actions(now=monday_10am) == 1

    assert Finding.objects.get().kind == FindingKind.CASES


def test_what_is_merely_behind_is_no_finding(monday_10am):
    make_strategy()
    rests, waits = make_case(now=monday_10am), make_case(now=monday_10am)
    holds.place(debtor=rests.debtor, kind=HoldKind.COMPLAINT, reason="", by=None, now=monday_10am)
    Case.objects.filter(pk=waits.pk).update(state=CaseState.HELD)  # its hold ended by its day

    assert cases.watch_next_actions(now=monday_10am) == 0
    assert set(Case.objects.values_list("pk", "state")) == {(rests.pk, "held"), (waits.pk, "open")}


def test_a_manager_sees_it_and_brings_it_back(client, forgotten, monday_10am):
    client.force_login(make_manager())
    page = reverse("dunning:forgotten")
    assert forgotten.debtor.name in client.get(page).content.decode()

    client.post(reverse("dunning:bring_back", args=[forgotten.pk]))

    assert cases.watch_next_actions(now=monday_10am) == 0
    assert Case.objects.get(pk=forgotten.pk).next_plan_on is not None
    client.force_login(make_agent())
    assert client.get(page).status_code == 403


def test_the_command_names_it_fails_and_mends_it_when_asked(forgotten):
    with pytest.raises(CommandError, match=str(forgotten.pk)):
        call_command("check_next_actions", stdout=StringIO())
    call_command("check_next_actions", "--bring-back", stdout=StringIO())

    call_command("check_next_actions", stdout=StringIO())


def test_bringing_back_leaves_alone_what_has_something_to_come(monday_10am):
    make_strategy()
    case = make_case(now=monday_10am)

    assert not cases.bring_back(case, now=monday_10am)
    assert Case.objects.get(pk=case.pk).next_plan_on is None
