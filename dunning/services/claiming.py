"""Takes the most urgent case for an agent in one statement, before anything is asked about it."""

from datetime import datetime

from django.db import connection

from debtors.models import User
from debtors.queries import compiled
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
    values = {"agent": agent.pk, "now": now}
    if connection.vendor == "postgresql":
        text = next_case.first_of_each.written(values)
        chosen = OF_EACH_PORTFOLIO.format(first=text.sql)
        parameters = [portfolios, *text.filled(values)]
    else:
        values["portfolios"] = portfolios
        text = next_case.first_of_all.written(values)
        chosen, parameters = text.sql, text.filled(values)
    reader = next_case.case.written({"pk": 0})
    columns = ", ".join(f'dunning_case."{field.column}"' for field in Case._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            LEASE.format(chosen=chosen, columns=columns), [agent.pk, compiled.told(until), *parameters]
        )
        rows = reader.converted(cursor.fetchall())
    return Case.from_db(None, next_case.FIELDS, rows[0]) if rows else None
