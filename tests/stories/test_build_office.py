"""The invented office is whole, and building it again only makes new passwords."""

import json
import stat

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from contacts.models import Contact, PolicyHead, WorkerRun
from contacts.vocabulary import ContactState
from debtors.models import Debtor, Portfolio, ReceivingAccount
from debtors.queries import offers
from debtors.services import payment_requests
from debtors.vocabulary import RequestKind
from dunning import queries
from dunning.models import Case, ScheduledStep
from tests.factories import make_debtor

pytestmark = pytest.mark.django_db


def build(file) -> dict[str, dict[str, str]]:
    call_command("build_office", logins_file=file, small=True)
    return {login["username"]: login for login in json.loads(file.read_text())}


def test_an_office_has_people_policy_ladder_and_cases_with_some_history(tmp_path):
    logins = build(tmp_path / "logins.json")

    assert [each["role"] for each in logins.values()] == ["agent", "supervisor", "manager", "administrator"]
    agent, supervisor, manager, administrator = (
        authenticate(username=login["username"], password=login["password"]) for login in logins.values()
    )
    assert agent.has_perm("dunning.work_queue")
    assert not agent.has_perm("debtors.import_debts")
    assert (agent.is_staff, manager.is_staff, administrator.is_superuser) == (False, True, True)
    assert manager.has_perm("contacts.add_contactpolicy")
    assert set(Portfolio.objects.get().agents.all()) == {agent, supervisor}
    assert supervisor.has_perm("debtors.approve_agreement")
    creditor = Portfolio.objects.get().creditor
    assert offers.rules_of(creditor.pk) is not None  # rules without a fault
    kinds = payment_requests.kinds_of(ReceivingAccount.objects.get(creditor=creditor))
    assert kinds == [RequestKind.PIX, RequestKind.BOLETO]
    assert PolicyHead.objects.count() == 1
    assert Debtor.objects.count() == 12
    assert Case.objects.exists()
    assert ScheduledStep.objects.exists()
    assert Contact.objects.filter(state=ContactState.CONCLUDED).exists()
    assert not queries.cases_without_next_action(now=timezone.now()).exists()
    assert not WorkerRun.objects.filter(ended_at=None).exists()  # what sent in those weeks has ended


def test_building_again_only_makes_new_passwords(tmp_path):
    first = build(tmp_path / "first.json")
    make_debtor(name="Alguém que entrou depois")
    before = (Debtor.objects.count(), Case.objects.count(), ScheduledStep.objects.count())

    second = build(tmp_path / "second.json")

    assert (Debtor.objects.count(), Case.objects.count(), ScheduledStep.objects.count()) == before
    assert authenticate(username="ana", password=first["ana"]["password"]) is None
    assert authenticate(username="ana", password=second["ana"]["password"]) is not None


def test_only_their_owner_may_read_the_logins(tmp_path):
    build(tmp_path / "logins.json")

    assert stat.S_IMODE((tmp_path / "logins.json").stat().st_mode) == 0o600
