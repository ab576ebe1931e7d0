"""No writing without a token, hidden cookies, settings for production; the matrix asks what answers carry."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from debtors.models import User
from tests.shape.answering import complaints_about
from tests.shape.asking import NAMES, address_of, ask
from tests.shape.office import Office, build_office

ROOT = Path(__file__).resolve().parents[2]
#: Called by programs, which have no session to abuse: their signature takes the token's place, and
#: that of a link in a mail, whose button the mail program presses by itself.
VOICE = {
    f"contacts:voice_{each}" for each in ("agent", "ready", "waiting", "answered", "status", "recording")
}
PIX = {"debtors:pix_webhook", "debtors:pix_webhook_of_bank"}
WITHOUT_TOKEN = {"contacts:twilio_status", "contacts:twilio_inbound", "stop"} | VOICE | PIX
#: A production environment, as .env.example describes it, complete.
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "PUBLIC_URL": "https://crm.example.com",
    "ALLOWED_HOSTS": "crm.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://crm.example.com",
    "BEHIND_PROXY": "True",
    "DATABASE_URL": "postgres://crm@127.0.0.1:1/crm",
    "TASK_ENGINE": "celery",
    "SMS_CHANNEL": "twilio",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "x",
    "TWILIO_SMS_FROM": "+15005550006",
    "EMAIL_CHANNEL": "mail",
    "EMAIL_HOST": "smtp.example.com",
}


@pytest.fixture
def office(db: None) -> Office:
    return build_office(now=timezone.now())


def test_an_address_that_does_not_exist_is_answered_with_every_protection(office):
    for method in ("GET", "POST"):
        answer = ask(office, "administrator", method, "/no/such/page/")

        assert complaints_about(answer, is_for_a_colleague=False) == []


def test_the_answer_to_logging_out_is_not_stored_either(office):
    answer = ask(office, "agent", "POST", reverse("logout"))

    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_nothing_is_written_without_the_forms_token(office, role, settings):
    settings.PIX_WEBHOOK_SECRET = "known to the bank"
    refused = {
        name
        for name in NAMES
        if ask(office, role, "POST", address_of(name, office.here), enforce_csrf_checks=True).status_code
        == 403
    }

    assert refused == set(NAMES) - {"stop"}  # the webhooks refuse too, for want of a signature or a secret


def test_only_the_webhooks_do_without_the_forms_token(office):
    exempt = {
        name for name in NAMES if getattr(resolve(address_of(name, office.here)).func, "csrf_exempt", False)
    }

    assert exempt == WITHOUT_TOKEN


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_token_is_asked_for_by_whatever_method(office, method):
    client = office.client("administrator", enforce_csrf_checks=True)

    assert getattr(client, method)(reverse("contacts:pause")).status_code == 403
    assert (
        getattr(client, method)(reverse("contacts:debtor", args=[office.here.debtor.pk])).status_code == 403
    )


def test_cookies_are_hidden_from_scripts_and_stay_with_this_site(db):
    User.objects.create_user("ana", password="uma senha comprida")
    client = Client()

    client.post(reverse("login"), {"username": "ana", "password": "uma senha comprida"})

    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= client.cookies.keys()
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", ""), cookie.key


def test_production_settings_pass_djangos_own_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "laptop-only-not-a-secret-" + "0" * 40}, "collections_crm.E001"),
        ({"TWILIO_AUTH_TOKEN": ""}, "collections_crm.E002"),
        ({"PUBLIC_URL": "http://crm.example.com"}, "collections_crm.E003"),
        ({"DEBUG": "True"}, "security.W018"),
    ],
)
def test_production_settings_with_a_hole_do_not_pass(changes, complaint):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **changes)

    assert done.returncode == 1
    assert complaint in done.stderr


def test_over_https_cookies_are_secure_and_bound_to_this_host():
    names = ("SESSION_COOKIE", "CSRF_COOKIE")
    asked = [f"s.{name}_{what}" for name in names for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")]
    code = f"from django.conf import settings as s; print([{', '.join(asked)}, s.SECURE_HSTS_SECONDS > 0])"

    done = manage("shell", "--no-imports", "--command", code)

    secure = [True, True, "Lax"]
    assert done.stdout.strip() == str(["__Host-sessionid", *secure, "__Host-csrftoken", *secure, True])


def manage(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a production environment, with some of it changed."""
    world = {"PATH": os.environ["PATH"], "VAR_DIR": os.environ["VAR_DIR"], "ENV_FILE": os.devnull}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=world | PRODUCTION | changes, capture_output=True, text=True)
