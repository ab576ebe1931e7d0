"""The answers for whoever watches over the web process."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from collections_crm import health
from contacts.models import WorkerRun


@pytest.mark.django_db
def test_a_process_with_its_database_is_ready(client: Client) -> None:
    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert "no-store" in answer["Cache-Control"]


def test_a_process_without_its_database_is_alive_but_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError("password authentication failed for user crm")

    monkeypatch.setattr(connection, "cursor", refuse)

    assert client.get("/health/live/").json() == {"status": "live"}
    assert client.get("/health/").status_code == 503
    assert "password" not in client.get("/health/").content.decode()


@pytest.mark.django_db
def test_a_process_whose_tables_are_not_there_yet_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    health._ask_whether_migrated.cache_clear()
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda _self, _targets: ["0099_more"])
    assert (client.get("/health/").status_code, client.get("/health/").json()) == (
        503,
        {"status": "not migrated"},
    )
    monkeypatch.undo()

    assert client.get("/health/").status_code == 200  # migrated meanwhile


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds_ago", "status"), [(None, 503), (10, 200), (140, 200), (200, 503)])
def test_whoever_watches_over_workers_learns_when_none_is_alive(
    client: Client, seconds_ago: int | None, status: int
) -> None:
    if seconds_ago is not None:
        seen_at = timezone.now() - timedelta(seconds=seconds_ago)
        WorkerRun.objects.create(host="crm-1", pid=1, started_at=seen_at, seen_at=seen_at)

    assert client.get("/health/workers/").status_code == status


@pytest.mark.django_db
def test_health_is_asked_from_inside_where_there_is_no_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/health/").status_code == 200
    assert Client().get("/login/").status_code == 301
