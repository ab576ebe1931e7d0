"""How often *Call next* finds a case, beside a bare claim of one row by SQL."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction

from dunning.models import Case
from dunning.services import workqueue
from tests.bench import office
from tests.bench.measuring import Figure, medians

CASES = 20_000
CLAIMS = 60
CLAIM = """
    UPDATE dunning_case SET agent_id = %s, leased_until = %s, fence = fence + 1
    WHERE id = (
        SELECT id FROM dunning_case
        WHERE portfolio_id = %s AND state = 'open' AND callable_from <= %s
          AND (agent_id IS NULL OR leased_until <= %s)
        ORDER BY urgency DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""


def measure() -> Iterator[Figure]:
    """Give the one figure: as many agents as claims, for whoever holds a case gets that one back."""
    portfolio = office.fill(CASES)
    agents = office.agents(CLAIMS, portfolio=portfolio)

    def take() -> None:
        for agent in agents:
            assert workqueue.take_next(agent=agent, now=office.NOW)

    def claim() -> None:
        until = office.NOW + timedelta(minutes=5)
        for agent in agents:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CLAIM, [agent.pk, until, portfolio.pk, office.NOW, office.NOW])
                assert cursor.fetchone()

    ours, limit = medians(take, claim, before=_all_free)
    yield Figure(
        path="call next",
        unit="claims",
        per_second=CLAIMS / ours,
        yardstick="a bare claim, SKIP LOCKED",
        yardstick_per_second=CLAIMS / limit,
        goal="0.5 behind HTTP, its SQL alone too",
    )


def _all_free() -> None:
    """Give every case back, with something to do for an agent."""
    Case.objects.update(agent=None, leased_until=None, callable_from=office.NOW - timedelta(minutes=1))
    office.run("UPDATE dunning_case SET urgency = id % 100")
    office.run("VACUUM ANALYZE dunning_case")
