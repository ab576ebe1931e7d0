"""Takes the most urgent case for an agent in one statement, before anything is asked about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from debtors.models import User
from debtors.queries.compiled import Place, Text, Values, remembered
from dunning.models import Case
from dunning.queries import next_case

#: One row of each portfolio, straight from its index; rows that others are taking are passed over.
OF_EACH_PORTFOLIO = """
    SELECT first.pk FROM unnest(%s) AS given(id)
    CROSS JOIN LATERAL ({first} FOR UPDATE OF dunning_case SKIP LOCKED) AS first
    ORDER BY first.urgency DESC, first.pk LIMIT 1
"""

LEASE = """
    UPDATE dunning_case SET agent_id = %s, leased_until = %s, fence = fence + 1
    WHERE id = ({chosen}) RETURNING {columns}
"""


def claim_first(*, agent: User, portfolios: list[int], until: datetime, now: datetime) -> Case | None:
    """Lease the agent the most urgent callable case of the portfolios; None when there is none.

    Nobody was asked whether it may be called: whoever claims asks, and lets go of what may not.
    """
    if not portfolios:
        return None
    values = {"agent": agent.pk, "until": until, "now": now, "portfolios": portfolios}
    is_each = connection.vendor == "postgresql"
    lease = remembered("lease", lambda: _of_each_portfolio(values)) if is_each else _of_all(values)
    rows = lease.read(values)
    return Case.from_db(None, next_case.FIELDS, rows[0]) if rows else None


def _of_each_portfolio(values: Values) -> Text:
    first = next_case.first_of_each.written({name: values[name] for name in ("agent", "now")})
    chosen = OF_EACH_PORTFOLIO.format(first=first.sql)
    return _lease(chosen, [Place("portfolios", "bigint[]", None), *first.parameters])


def _of_all(values: Values) -> Text:
    first = next_case.first_of_all.written({name: values[name] for name in ("agent", "now", "portfolios")})
    return _lease(first.sql, first.parameters)


def _lease(chosen: str, parameters: Iterable[Any]) -> Text:
    """Return the statement that leases the case whose id a query gives; it returns the fields of the case."""
    fields = next_case.case.written({"pk": 0})
    columns = ", ".join(f'dunning_case."{field.column}"' for field in Case._meta.concrete_fields)
    told = (Place("agent", "bigint"), Place("until", "timestamptz"))
    return replace(
        fields,
        called="lease",
        sql=LEASE.format(chosen=chosen, columns=columns),
        parameters=(*told, *parameters),
    )
