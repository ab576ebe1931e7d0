"""Start-up checks: what must not go live as it is does not go live."""

from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH

import pytest
from django.conf import LazySettings
from django.core import checks

from collections_crm import checks as ours
from contacts.rules import zones
from tests.factories.zone_files import make_zone_file

pytestmark = pytest.mark.django_db  # Django's own checks ask the database what it can do

LIVE = {
    "SECRET_KEY": "a key of our own",
    "PUBLIC_URL": "https://crm.example.com",
    "ALLOWED_HOSTS": ["crm.example.com", "127.0.0.1", "localhost"],
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_SMS_FROM": "+551140040000",
    "TWILIO_API_BASE_URL": "",
    "EMAIL_HOST_NAME": "smtp.example.com",
    "CHANNELS": {"sms": "twilio", "email": "mail"},
    "DEBUG": False,
}


def _ids() -> set[str]:
    found = checks.run_checks(include_deployment_checks=False)
    return {message.id for message in found if message.id.startswith("collections_crm.")}


@pytest.fixture
def live(settings: LazySettings) -> LazySettings:
    """An installation that sends for real and lacks nothing."""
    for name, value in LIVE.items():
        setattr(settings, name, value)
    return settings


def test_the_laptop_s_defaults_pass(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]  # Django's test runner adds its own

    assert _ids() == set()


def test_a_complete_installation_passes(live: LazySettings) -> None:
    assert _ids() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://crm.example.com"),
        ("ALLOWED_HOSTS", ["crm.example.com"]),
        ("ALLOWED_HOSTS", ["*"]),
    ],
)
def test_the_key_everybody_knows_is_refused_where_others_can_reach_us(
    settings: LazySettings, name: str, value: object
) -> None:
    settings.SECRET_KEY = settings.LAPTOP_SECRET_KEY
    setattr(settings, name, value)

    assert _ids() == {"collections_crm.E001"}


@pytest.mark.parametrize(
    "name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SMS_FROM", "EMAIL_HOST_NAME"]
)
def test_a_live_channel_without_its_secret_is_refused(live: LazySettings, name: str) -> None:
    setattr(live, name, "")

    assert _ids() == {"collections_crm.E002"}


def test_the_sandbox_needs_no_secret(live: LazySettings) -> None:
    live.CHANNELS = {"sms": "sandbox", "email": "sandbox"}
    live.TWILIO_AUTH_TOKEN = live.EMAIL_HOST_NAME = ""

    assert _ids() == set()


@pytest.mark.parametrize("address", ["http://crm.example.com", "https://127.0.0.1:8000"])
def test_twilio_must_be_able_to_call_back(live: LazySettings, address: str) -> None:
    live.PUBLIC_URL = address

    assert _ids() == {"collections_crm.E003"}


def test_a_stand_in_for_twilio_calls_back_on_the_loopback(live: LazySettings) -> None:
    live.PUBLIC_URL, live.TWILIO_API_BASE_URL = "http://127.0.0.1:8000", "http://127.0.0.1:9"

    assert _ids() == set()


def test_celery_on_sqlite_is_warned_of(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TASK_ENGINE = "celery"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    assert [warning.id for warning in ours.engine_fits_the_database()] == ["collections_crm.W003"]


def test_zones_are_read_from_the_pinned_package() -> None:
    assert TZPATH == ()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose zone files are at first the pinned ones."""
    monkeypatch.setattr(ours, "SYSTEM_ZONES", tmp_path)
    (tmp_path / "America").mkdir()
    for name in zones.all_zones():
        (tmp_path / name).write_bytes(resources.files("tzdata.zoneinfo").joinpath(name).read_bytes())
    return tmp_path


def test_a_machine_with_the_pinned_zones_passes(machine: Path) -> None:
    assert ours.zones_are_the_pinned_ones() == []


def test_a_machine_without_zone_files_passes(machine: Path) -> None:
    for name in zones.all_zones():
        (machine / name).unlink()

    assert ours.zones_are_the_pinned_ones() == []


def test_a_machine_that_tells_the_past_differently_passes(machine: Path) -> None:
    """Other releases cut the past off: what matters is which hour it will be."""
    without_a_past = make_zone_file(hours=-3, changes=[], rule="<-03>3")
    (machine / "America/Sao_Paulo").write_bytes(without_a_past)

    assert ours.zones_are_the_pinned_ones() == []


@pytest.mark.parametrize("name", sorted(zones.all_zones()))
def test_a_decree_that_only_the_machine_knows_of_is_noticed(machine: Path, name: str) -> None:
    summer = make_zone_file(hours=-3, changes=[], rule="<-03>3<-02>,M11.1.0/0,M2.3.0/0")
    (machine / name).write_bytes(summer)

    [warning] = ours.zones_are_the_pinned_ones()

    assert warning.id == "collections_crm.W002"
    assert name in warning.msg


def test_a_decree_for_a_single_week_years_from_now_is_noticed(machine: Path) -> None:
    begins = datetime.now(UTC) + timedelta(days=1500)
    week = [(begins, -2), (begins + timedelta(days=7), -3)]
    (machine / "America/Sao_Paulo").write_bytes(make_zone_file(hours=-3, changes=week, rule="<-03>3"))

    assert [warning.id for warning in ours.zones_are_the_pinned_ones()] == ["collections_crm.W002"]


def test_zones_read_from_the_machine_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "TZPATH", ("/usr/share/zoneinfo",))

    assert [warning.id for warning in ours.zones_are_the_pinned_ones()] == ["collections_crm.W001"]


def test_a_house_without_a_policy_is_warned(settings: LazySettings) -> None:
    settings.TASK_ENGINE = "django_q"

    assert [warning.id for warning in ours.a_policy_is_in_force(databases=["default"])] == [
        "collections_crm.W004"
    ]
    assert ours.a_policy_is_in_force(databases=None) == []
