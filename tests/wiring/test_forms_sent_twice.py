"""A form that comes twice is done once, and who sent it is led to the same place both times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.timezone import now as clock_now

from collections_crm import sent_forms as middleware
from contacts.models import Hold
from contacts.services import holds
from debtors.models import SentForm
from debtors.services import sent_forms
from dunning.services import workqueue
from tests.factories import make_agent, make_case, make_debtor, make_manager, make_policy

TOKEN = "csrfmiddlewaretoken"
MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
HOLD = {"kind": "complaint", "reason": "Diz que já reclamou.", TOKEN: "page-1"}


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def placing(debtor) -> str:
    return reverse("contacts:place_hold", args=[debtor.pk])


@pytest.mark.django_db
def test_a_form_sent_twice_is_done_once_and_led_to_the_same_page():
    debtor, browser = make_debtor(), browser_of(make_manager())

    answers = [browser.post(placing(debtor), HOLD) for _ in range(3)]

    assert {(each.status_code, each["Location"]) for each in answers} == {
        (302, reverse("contacts:debtor", args=[debtor.pk]))
    }
    assert Hold.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{TOKEN: "page-2"}, {"reason": "Outra."}, {"kind": "dispute"}])
def test_the_same_words_on_a_page_opened_anew_and_other_words_on_the_same_are_another_form(changed):
    debtor, browser = make_debtor(), browser_of(make_manager())

    browser.post(placing(debtor), HOLD)
    browser.post(placing(debtor), HOLD | changed)

    assert Hold.objects.count() == 2


@pytest.mark.django_db
def test_another_persons_form_and_one_about_somebody_else_are_not_taken_for_it():
    one, other = make_debtor(), make_debtor()
    browser, colleague = browser_of(make_manager()), browser_of(make_manager())

    for who, debtor in ((browser, one), (browser, other), (colleague, one)):
        who.post(placing(debtor), HOLD)

    assert Hold.objects.count() == 3


@pytest.mark.django_db
def test_a_form_that_came_back_with_errors_may_be_sent_again_when_they_are_gone(monkeypatch):
    debtor, browser = make_debtor(), browser_of(make_manager())
    monkeypatch.setattr("contacts.forms.wishes.HoldForm.is_valid", lambda form: False)
    assert browser.post(placing(debtor), HOLD).status_code == 422
    monkeypatch.undo()

    assert browser.post(placing(debtor), HOLD).status_code == 302
    assert Hold.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_that_failed_is_no_answer_and_the_same_form_is_tried_again(monkeypatch):
    debtor, browser = make_debtor(), browser_of(make_manager())
    browser.raise_request_exception = False
    monkeypatch.setattr(holds, "place", lambda **_words: 1 / 0)
    assert browser.post(placing(debtor), HOLD).status_code == 500
    monkeypatch.undo()

    assert browser.post(placing(debtor), HOLD).status_code == 302
    assert Hold.objects.count() == 1


@pytest.mark.django_db
@time_machine.travel(MONDAY_10AM, tick=False)
def test_who_gives_a_case_back_with_two_clicks_is_not_told_that_his_page_is_out_of_date():
    make_policy(now=MONDAY_10AM)
    case, agent = make_case(now=MONDAY_10AM), make_agent()
    case.portfolio.agents.add(agent)
    case = workqueue.take(case, agent=agent, now=MONDAY_10AM)
    browser, form = browser_of(agent), {"fence": case.fence, TOKEN: "page-1"}

    first, second = (browser.post(reverse("dunning:give_back", args=[case.pk]), form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]


@pytest.mark.django_db
def test_an_answer_that_is_a_cookie_is_given_again():
    browser = browser_of(make_manager())
    form = {"language": "en", "next": "/", TOKEN: "page-1"}

    answers = [browser.post(reverse("set_language"), form) for _ in range(2)]

    assert [each.cookies[settings.LANGUAGE_COOKIE_NAME].value for each in answers] == ["en", "en"]


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_the_second_waits_for_the_first_and_is_led_where_it_led(monkeypatch):
    debtor, manager = make_debtor(), make_manager()
    place, is_at_it, may_go_on = holds.place, Event(), Event()

    def slowly(**words):
        is_at_it.set()
        assert may_go_on.wait(10)
        return place(**words)

    def click(browser):
        try:
            return browser.post(placing(debtor), HOLD)
        finally:
            connections.close_all()

    monkeypatch.setattr(holds, "place", slowly)
    browsers = [browser_of(manager), browser_of(manager)]
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(click, browsers[0])
        assert is_at_it.wait(10)
        second = threads.submit(click, browsers[1])
        assert not second.done()
        may_go_on.set()

    assert first.result()["Location"] == second.result()["Location"]
    assert Hold.objects.count() == 1


@pytest.mark.django_db
def test_while_the_first_is_at_work_the_second_is_told_so_and_is_taken_up_when_the_first_must_be_dead(
    monkeypatch,
):
    monkeypatch.setattr(middleware, "PATIENCE", 0)
    debtor, manager = make_debtor(), make_manager()
    with time_machine.travel(MONDAY_10AM, tick=False) as clock:
        browser = browser_of(manager)
        request = RequestFactory().post(placing(debtor), HOLD)
        request.user = manager
        sent_forms.begin(middleware.fingerprint(request), now=clock_now())

        assert browser.post(placing(debtor), HOLD).status_code == 409
        clock.shift(sent_forms.ANSWERED_WITHIN + timedelta(seconds=1))
        assert browser.post(placing(debtor), HOLD).status_code == 302

    assert Hold.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("leads_to", ["/first/", ""])
def test_who_was_taken_for_dead_says_nothing_of_a_form_that_another_took_over(leads_to):
    first = clock_now()
    second = first + sent_forms.ANSWERED_WITHIN
    assert sent_forms.begin("a", now=first) is None
    assert sent_forms.begin("a", now=second) is None

    middleware._keep("a", begun_at=first, leads_to=leads_to)
    middleware._keep("a", begun_at=second, leads_to="/second/")

    assert SentForm.objects.get().leads_to == "/second/"


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [DatabaseError, InterfaceError])
def test_an_answer_that_cannot_be_kept_reaches_who_asked_all_the_same(monkeypatch, gone):
    def no_database(*_args, **_words):
        raise gone

    debtor, browser = make_debtor(), browser_of(make_manager())
    monkeypatch.setattr(sent_forms, "answered", no_database)

    assert browser.post(placing(debtor), HOLD).status_code == 302
    assert Hold.objects.count() == 1


@pytest.mark.django_db
def test_a_file_is_part_of_the_form_and_what_is_in_it_counts():
    def print_of(content: bytes) -> str:
        file = SimpleUploadedFile("debts.csv", content)
        request = RequestFactory().post("/", {TOKEN: "page-1", "file": file})
        request.user = manager
        found = middleware.fingerprint(request)
        assert request.FILES["file"].read() == content  # as the view will find it
        return found

    manager = make_manager()

    assert print_of(b"a") == print_of(b"a")
    assert print_of(b"a") != print_of(b"b")


@pytest.mark.django_db
def test_forms_are_forgotten_after_a_day():
    now = clock_now()
    SentForm.objects.create(fingerprint="a", sent_at=now - timedelta(hours=25), leads_to="/")
    SentForm.objects.create(fingerprint="b", sent_at=now - timedelta(hours=23), leads_to="/")

    assert sent_forms.forget_the_old(now=now) == 1
    assert SentForm.objects.get().fingerprint == "b"
