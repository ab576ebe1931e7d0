"""Talks on the telephone."""

from datetime import datetime

from dunning.models import Case
from dunning.rules import confirmation
from dunning.services import talking


def confirm_person(case: Case, *, now: datetime) -> None:
    """Let the agent who holds a case confirm the person, by the first two items there are; once a lease."""
    if talking.is_confirmed(case, fence=case.fence):
        return
    asked = confirmation.questions(talking.person(case.debtor))
    talking.confirm(
        case,
        agent=case.agent,
        fence=case.fence,
        matched=[question.item for question in asked[: confirmation.ENOUGH]],
        now=now,
    )
