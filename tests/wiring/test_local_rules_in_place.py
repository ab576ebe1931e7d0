"""Start-up says when local rules cannot be read or were never put in place; a command puts them there."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from collections_crm import checks
from contacts.models import Overlay, PolicyHead
from contacts.rules.default_overlays import STATE_RULES
from contacts.services import overlays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_engine_runs(settings: LazySettings) -> None:
    settings.TASK_ENGINE = "django_q"


def ids() -> list[str]:
    return [str(warning.id) for warning in checks.local_rules_bind(databases=["default"])]


def test_a_house_without_the_rules_of_the_states_is_warned() -> None:
    assert ids() == ["collections_crm.W006"]


def test_a_house_that_has_them_is_not() -> None:
    overlays.ship(now=timezone.now())

    assert ids() == []


def test_a_rule_that_cannot_be_read_is_a_warning_of_its_own() -> None:
    overlays.ship(now=timezone.now())
    Overlay.objects.filter(shipped_as="SP-17832-2023").update(terms={"windos": {}})

    assert ids() == ["collections_crm.W005"]


def test_without_a_database_to_look_at_nothing_is_said() -> None:
    assert checks.local_rules_bind(databases=None) == []


def test_the_command_puts_policy_and_rules_in_place_once() -> None:
    for _time in range(2):
        out = StringIO()
        call_command("ship_defaults", stdout=out)

        assert out.getvalue() == "Em vigor: versão 1. Regras locais ligadas: 3.\n"

    assert PolicyHead.objects.count() == 1
    assert Overlay.objects.count() == len(STATE_RULES)
