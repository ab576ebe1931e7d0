"""Dispositions are the manager's words over fixed meanings: what follows is never his to change."""

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Contact
from contacts.vocabulary import Channel
from debtors.models import ContactPoint
from debtors.vocabulary import PointStatus
from dunning.models import CaseOutcome, OutcomeWord
from dunning.services import calling, defaults, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    confirm_person,
    make_case,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_strategy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agent, monday_10am, client):
    """A case the agent holds and has dialled."""
    make_policy(now=monday_10am)
    make_strategy()
    defaults.ship()
    case = workqueue.take(make_case(now=monday_10am), agent=agent, now=monday_10am)
    phone = case.debtor.points.get(medium="phone")
    calling.dial(case, agent=agent, fence=case.fence, point=phone, now=monday_10am)
    client.force_login(agent)
    return case


@pytest.fixture
def post(client, case, monday_10am):
    """Post to the card of the case as its agent; return the answer."""

    def posted(name, **data):
        with time_machine.travel(monday_10am, tick=False):
            return client.post(
                reverse(f"dunning:{name}", args=[case.pk]), {"fence": case.fence, **data}, follow=True
            )

    return posted


def test_a_disposition_of_the_house_takes_its_name_and_follows_its_meaning(post, case):
    own = OutcomeWord.objects.create(meaning="third_party", name="Não quis se identificar", position=1)

    post("outcome", disposition=f"third_party:{own.pk}")

    outcome = CaseOutcome.objects.get()
    assert (outcome.disposition, outcome.word, outcome.told) == (
        "third_party",
        own,
        "Não quis se identificar",
    )
    case.refresh_from_db()
    assert case.callable_from is not None


def test_what_is_switched_off_is_neither_offered_nor_taken(post, client, case, monday_10am):
    OutcomeWord.objects.filter(meaning=Disposition.BUSY).update(is_active=False)

    answer = post("outcome", disposition="busy")

    assert answer.status_code == 422
    assert 'value="busy"' not in answer.content.decode()
    assert 'value="no_answer"' in answer.content.decode()
    assert not CaseOutcome.objects.exists()


def test_a_voicemail_sends_nothing_and_keeps_no_promise_whatever_was_posted_with_it(post, case, monday_10am):
    before = Contact.objects.count()
    day = f"{monday_10am:%d/%m/%Y}"

    post(
        "outcome",
        disposition="voicemail",
        promise_amount="10,00",
        promise_day=day,
        callback_day=day,
        callback_time="16:00",
    )

    outcome = CaseOutcome.objects.get()
    assert outcome.disposition == Disposition.VOICEMAIL
    assert Contact.objects.count() == before
    assert list(Contact.objects.exclude(channel=Channel.VOICE)) == []
    assert not case.callbacks.exists()
    assert not case.debtor.promises.exists()


def change(client, word, monday_10am, **data):
    manager = make_manager()
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    kept = {"name": word.name, "name_en": word.name_en, "position": word.position, "is_active": "on"}
    with time_machine.travel(monday_10am, tick=False):
        return client.post(
            reverse("admin:dunning_outcomeword_change", args=[word.pk]),
            {name: value for name, value in {**kept, **data}.items() if value is not None},
        )


def test_a_manager_renames_and_orders_but_never_changes_what_follows(client, case, monday_10am):
    word = OutcomeWord.objects.get(meaning="busy")

    answer = change(client, word, monday_10am, name="Linha ocupada", position=3, meaning="promise")

    word.refresh_from_db()
    assert answer.status_code == 302
    assert (word.name, word.position, word.meaning) == ("Linha ocupada", 3, "busy")


@pytest.mark.parametrize(
    ("meaning", "data", "sentence"),
    [
        ("opt_out", {"is_active": None}, "Isto protege as pessoas"),
        ("third_party", {"name": "Recado com a esposa"}, "Nunca se deixa nada"),
    ],
)
def test_a_manager_cannot_take_away_what_protects_people(client, case, monday_10am, meaning, data, sentence):
    word = OutcomeWord.objects.get(meaning=meaning)

    answer = change(client, word, monday_10am, **data)

    before = word.name
    word.refresh_from_db()
    assert sentence in answer.content.decode()
    assert (word.name, word.is_active) == (before, True)


def test_a_new_number_is_kept_with_its_source_and_day(post, case, monday_10am, agent):
    confirm_person(case, now=monday_10am)

    post("add_point", value="(11) 97654-3210", source="dito ao telefone")

    point = ContactPoint.objects.get(value="+5511976543210")
    change = point.changes.get()
    assert (point.debtor, point.status, point.is_mobile) == (case.debtor, PointStatus.NEW, True)
    assert (change.source, change.recorded_by, change.changed_at) == ("dito ao telefone", agent, monday_10am)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("0800 123 4567", "número de serviço"),
        ("12345", "não é um telefone"),
        ("ana@", "e-mail"),
        ("", "obrigatório"),
    ],
)
def test_what_is_no_number_of_a_person_is_refused_in_words(post, case, monday_10am, value, sentence):
    confirm_person(case, now=monday_10am)
    before = ContactPoint.objects.count()

    answer = post("add_point", value=value, source="dito ao telefone")

    assert sentence in answer.content.decode()
    assert ContactPoint.objects.count() == before


def test_a_number_whose_owner_wants_no_contact_stays_silent_for_the_next_debtor_too(post, case, monday_10am):
    make_phone(debtor=make_debtor(), number="+5511976543210", status=PointStatus.DO_NOT_CONTACT)
    confirm_person(case, now=monday_10am)

    post("add_point", value="11 97654-3210", source="dito ao telefone")

    point = ContactPoint.objects.get(debtor=case.debtor, value="+5511976543210")
    assert point.status == PointStatus.DO_NOT_CONTACT


def test_nobody_unconfirmed_gives_numbers(post, case):
    before = ContactPoint.objects.count()

    post("add_point", value="11 97654-3210", source="dito ao telefone")

    assert ContactPoint.objects.count() == before
