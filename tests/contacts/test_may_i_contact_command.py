"""manage.py may_i_contact: the gate's answer about one person, in words or JSON, with an exit status."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from collections_crm.lib import tax_ids
from contacts.services import consent
from contacts.vocabulary import OptOutScope
from debtors.vocabulary import PointKind
from tests.factories import make_creditor, make_debt, make_debtor, make_email, make_phone, make_policy

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)  # Tuesday, 11:00 in Manaus
SUNDAY = "2026-11-22T13:00:00Z"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon():
    """A day on which one may call."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def debtor():
    debtor = make_debtor(phone="+5592981234567", email=None)
    make_debt(debtor=debtor)
    return debtor


def ask(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        call_command("may_i_contact", *args)
    return ended.value.code, capsys.readouterr().out


def test_it_says_yes_and_until_when_in_both_clocks(capsys, debtor):
    make_policy(now=NOON)

    status, said = ask(capsys, str(debtor.pk), "--channel", "sms")

    assert status == 0
    assert said.splitlines() == [
        f"Devedor {debtor.pk}, 24/11/2026, 12:00 (11:00 em Manaus)",
        "SMS, (92) 98123-4567: Pode agora, até 22:00 (21:00 em Manaus)",
    ]


def test_it_says_no_why_by_which_law_and_from_when(capsys, debtor):
    make_policy(now=NOON)

    status, said = ask(capsys, str(debtor.pk), "--channel", "sms", "--at", SUNDAY)

    assert status == 1
    assert "fora do horário de contato" in said
    assert "23/11/2026, 09:30 (08:30 em Manaus)" in said
    assert "art. 71" in said


def test_it_speaks_english_too(capsys, debtor):
    make_policy(now=NOON)

    _status, said = ask(capsys, str(debtor.pk), "--channel", "sms", "--language", "en")

    assert "Allowed now, until 22:00 (21:00 in Manaus)" in said


def test_every_channel_and_point_is_answered_when_none_is_chosen(capsys, debtor):
    make_policy(now=NOON, channels=["sms", "voice", "email"])
    make_phone(debtor=debtor, number="+551132108800", kind=PointKind.WORKPLACE, is_mobile=False)
    make_email(debtor=debtor, address="ana@example.com")

    status, said = ask(capsys, str(debtor.pk), "--json")

    told = json.loads(said)
    assert status == 0
    assert told["at"] == "2026-11-24T15:00:00Z"
    found = {(each["channel"], each["point"]): each["reasons"] for each in told["answers"]}
    mobile, work, mail = debtor.points.order_by("pk").values_list("pk", flat=True)
    assert found == {
        ("sms", mobile): [],
        ("whatsapp", mobile): ["CHANNEL_DISABLED"],
        ("voice", mobile): [],
        ("voice", work): ["POINT_WORKPLACE"],
        ("email", mail): [],
        ("letter", None): ["CHANNEL_DISABLED", "POINT_INVALID"],
    }
    (refused,) = [each for each in told["answers"] if each["point"] == work]
    assert [basis["code"] for basis in refused["basis"]] == ["POINT_WORKPLACE"]
    assert "art. 71" in refused["basis"][0]["basis"]


def test_the_next_moment_is_in_the_json(capsys, debtor):
    make_policy(now=NOON)

    status, said = ask(capsys, str(debtor.pk), "--channel", "sms", "--at", SUNDAY, "--json")

    (answer,) = json.loads(said)["answers"]
    assert status == 1
    assert (answer["reasons"], answer["next_allowed"]) == (["OUTSIDE_HOURS"], "2026-11-23T12:30:00Z")


@pytest.mark.parametrize("write", [str, tax_ids.format_number])
def test_a_debtor_is_found_by_his_cpf_however_it_is_written(capsys, debtor, write):
    make_policy(now=NOON)

    assert ask(capsys, write(debtor.tax_id), "--channel", "sms")[0] == 0


@pytest.mark.parametrize("number", ["+5592981234567", "(92) 98123-4567"])
def test_one_number_can_be_asked_about(capsys, debtor, number):
    make_policy(now=NOON)
    other = make_phone(debtor=debtor)
    consent.opt_out(
        debtor=debtor, scope=OptOutScope.POINT, point=debtor.points.first(), source="", by=None, now=NOON
    )

    assert ask(capsys, str(debtor.pk), "--channel", "sms", "--point", number)[0] == 1
    assert ask(capsys, str(debtor.pk), "--channel", "sms", "--point", other.value)[0] == 0


def test_what_is_owed_to_one_creditor_only_may_be_asked_about(capsys, debtor):
    make_policy(now=NOON)
    stranger = make_creditor(brand="Loja Alheia")

    status, said = ask(capsys, str(debtor.pk), "--channel", "sms", "--creditor", "loja alheia")
    assert status == 1
    assert "não há nada a pagar" in said
    assert ask(capsys, str(debtor.pk), "--channel", "sms", "--creditor", stranger.tax_id)[0] == 1


def test_thanks_may_go_where_asking_may_not(capsys):
    make_policy(now=NOON)
    debtor = make_debtor(email=None)

    assert ask(capsys, str(debtor.pk), "--channel", "sms")[0] == 1
    assert ask(capsys, str(debtor.pk), "--channel", "sms", "--purpose", "thank_you")[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["999999"],
        ["nobody"],
        ["111.111.111-11"],
        ["{debtor}", "--at", "yesterday"],
        ["{debtor}", "--at", "2026-11-22T13:00:00"],
        ["{debtor}", "--point", "+5511999999999"],
        ["{debtor}", "--point", "who@example.com"],
        ["{debtor}", "--creditor", "Nobody Ltda."],
    ],
)
def test_what_was_asked_wrong_ends_with_two(capsys, debtor, wrong):
    make_policy(now=NOON)

    with pytest.raises(CommandError) as refused:
        call_command("may_i_contact", *[each.format(debtor=debtor.pk) for each in wrong])

    assert refused.value.returncode == 2
    assert capsys.readouterr().out == ""


def test_a_channel_that_does_not_exist_ends_with_two(debtor):
    with pytest.raises(CommandError):
        call_command("may_i_contact", str(debtor.pk), "--channel", "pigeon")
