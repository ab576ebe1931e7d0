"""What every answer carries: a strict content policy, no frames, no storing; and no writing without token."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from debtors.models import User
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
OWN_SCRIPTS = re.compile(r"script-src 'self'( 'nonce-[^' ]+')?(;|$)")
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


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_every_answer_forbids_inline_code_framing_sniffing_and_telling_others_where_one_was(
    office, role, method
):
    for name in [*NAMES, "an address that does not exist"]:
        address = address_of(name, office.here) if name in NAMES else "/no/such/page/"
        response = ask(office, role, method, address)

        assert complaints_about(response) == [], name


@pytest.mark.parametrize("role", ["agent", "administrator"])
def test_what_a_colleague_is_shown_is_never_stored(office, role):
    stored = {
        name
        for name in NAMES
        if "no-store" not in ask(office, role, "GET", address_of(name, office.here)).get("Cache-Control", "")
    }

    assert stored == set()


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


@pytest.mark.parametrize("role", ["agent", "administrator"])
def test_reading_writes_nothing(office, role):
    office.client(role)  # logging in writes

    for name in NAMES:
        with connection.execute_wrapper(only_reading):
            ask(office, role, "GET", address_of(name, office.here))


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


def complaints_about(response: HttpResponse) -> list[str]:
    """Return which protections an answer lacks."""
    policy = response.get("Content-Security-Policy", "")
    wanted = {
        "no inline code": "unsafe" not in policy and bool(OWN_SCRIPTS.search(policy)),
        "nothing from elsewhere": "default-src 'self'" in policy and "form-action 'self'" in policy,
        "no frames": "frame-ancestors 'none'" in policy and response.get("X-Frame-Options") == "DENY",
        "no sniffing": response.get("X-Content-Type-Options") == "nosniff",
        "no referrer": response.get("Referrer-Policy") == "same-origin",
    }
    return [what for what, is_kept in wanted.items() if not is_kept]


def only_reading(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let a query of the database through unless it writes."""
    assert sql.lstrip("(").startswith(
        ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
    ), sql
    return execute(sql, params, many, context)


def manage(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a production environment, with some of it changed."""
    world = {"PATH": os.environ["PATH"], "VAR_DIR": os.environ["VAR_DIR"], "ENV_FILE": os.devnull}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=world | PRODUCTION | changes, capture_output=True, text=True)
