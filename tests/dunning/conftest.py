"""A Monday morning in São Paulo, and an agent of the house."""

from datetime import UTC, datetime

import pytest

from debtors.models import User
from tests.factories import make_agent


@pytest.fixture
def monday_10am() -> datetime:
    """Monday 16 November 2026, 10:00 in São Paulo; no holiday near it but Friday the 20th."""
    return datetime(2026, 11, 16, 13, 0, tzinfo=UTC)


@pytest.fixture
def agent(db: None) -> User:
    """An agent of the house portfolio."""
    return make_agent()
