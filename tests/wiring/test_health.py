"""The answers for whoever watches over the web process."""

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.test import Client


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
def test_health_is_asked_from_inside_where_there_is_no_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/health/").status_code == 200
    assert Client().get("/login/").status_code == 301
