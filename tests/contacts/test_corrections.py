"""What is corrected of a debtor binds what was permitted before, and frees what was refused because of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from contacts.models import Contact
from contacts.services import admission, outbox
from contacts.tasks import judge_corrected
from contacts.vocabulary import Channel, ContactState
from debtors.models import Debtor, User
from debtors.services import importing
from tests.factories import (
    house_creditor,
    house_portfolio,
    make_debt,
    make_debtor,
    make_phone,
    make_policy,
    make_template,
)

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 10:00 in São Paulo
BIRTHDAY = "23/11/1980"
FILE = """cpf_cnpj;nome;nascimento;telefone_1;contrato;parcela;vencimento;valor
{tax_id};Maria Souza;23/11/1980;(11) 96532-5585;CT-9;1;07/09/2026;1.182,89
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor() -> Debtor:
    make_policy(now=NOW)
    debtor = make_debtor(birth_date=None)
    make_debt(debtor=debtor)
    return debtor


def wanted_from(debtor: Debtor) -> Contact:
    return outbox.want(
        Contact(
            wanted_by="test",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOW,
            created_at=NOW,
        )
    )


def judge(contact: Contact, *, at: datetime = NOW) -> admission.Admitted | None:
    contact.refresh_from_db()
    claimed = outbox.claim_one(contact, now=at)
    return admission.admit(claimed, now=at)


def correct_in_the_admin(client, debtor: Debtor, **corrections: str) -> None:
    """Save the debtor's form as a browser would, with these fields typed anew."""
    client.force_login(User.objects.create_superuser("root", password=None))
    page = client.get(reverse("admin:debtors_debtor_change", args=[debtor.pk]))
    forms = [page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset.management_form]
    forms += page.context["inline_admin_formsets"][0].formset.forms
    typed = {bound.html_name: bound.value() for form in forms for bound in form}
    typed = {name: "" if value is None else value for name, value in typed.items()}
    answer = client.post(page.request["PATH_INFO"], typed | corrections)
    assert answer.status_code == 302


def correct_by_a_file(_client, debtor: Debtor) -> None:
    importing.import_at_once(
        FILE.format(tax_id=debtor.tax_id).encode(),
        file_name="x.csv",
        creditor=house_creditor(),
        portfolio_name=house_portfolio().name,
        only_good=False,
        now=NOW,
    )


def fill_in_the_birth_date(client, debtor: Debtor) -> None:
    correct_in_the_admin(client, debtor, birth_date=BIRTHDAY)


@pytest.mark.parametrize("correct", [fill_in_the_birth_date, correct_by_a_file])
def test_a_birth_date_told_after_the_permission_keeps_the_message_here(client, debtor, correct):
    contact = wanted_from(debtor)
    admitted = judge(contact)

    correct(client, debtor)

    assert Debtor.objects.get().birth_date == date(1980, 11, 23)
    assert not outbox.hand_over(admitted.attempt, now=NOW)
    assert judge(contact, at=NOW + timedelta(minutes=1)) is None
    contact.refresh_from_db()
    assert "BIRTHDAY" in contact.objections


def test_without_a_correction_the_message_leaves(client, debtor):
    admitted = judge(wanted_from(debtor))

    correct_in_the_admin(client, debtor)

    assert outbox.hand_over(admitted.attempt, now=NOW)


def test_a_zone_confirmed_in_the_admin_frees_what_was_refused_for_want_of_one(client, debtor):
    debtor.points.all().delete()
    make_phone(debtor=debtor, number="+552099990000")  # an area code that nobody was given
    contact = wanted_from(debtor)
    assert judge(contact) is None
    contact.refresh_from_db()
    assert (contact.state, contact.objections) == (ContactState.BLOCKED, ["TZ_UNKNOWN"])

    judge_corrected.call()
    contact.refresh_from_db()
    assert contact.state == ContactState.BLOCKED
    correct_in_the_admin(client, debtor, confirmed_time_zone="America/Sao_Paulo")
    judge_corrected.call()

    assert judge(contact) is not None


def test_a_form_opened_before_another_correction_does_not_take_it_back(client, debtor):
    stale = Debtor.objects.get()
    correct_by_a_file(client, debtor)
    known = Debtor.objects.get().revision

    correct_in_the_admin(client, stale, preferred_name="Vica")

    assert Debtor.objects.get().revision == known + 1
