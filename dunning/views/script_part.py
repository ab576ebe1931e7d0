"""The script on the case card: what to say now, filled with facts, and what was answered so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collections_crm.lib import dates, money, phones
from debtors import queries as debtor_queries
from debtors.models import Debt, User
from debtors.queries.compiled import Read
from dunning.forms.talk import TalkForm
from dunning.models import Case, ScriptText, Talk
from dunning.rules import confirmation, default_script, script
from dunning.rules.default_script import Line
from dunning.services import talking
from dunning.vocabulary import IdentityItem, ScriptPart

NOON, EVENING = 12, 18


@dataclass(frozen=True)
class Words:
    """One part of the script, filled in."""

    part: str
    title: str
    text: str
    hint: str


def of(case: Case, *, talk: Talk | None, agent: User, zones: Sequence[str], now: datetime) -> dict[str, Any]:
    """Return what the card shows of the script: before the person is confirmed, its neutral parts only."""
    values = neutral_values(case, agent=agent, zones=zones, now=now)
    if talk is None or talk.confirmed_at is None:
        asked = confirmation.questions(talking.person(case.debtor))
        return {"words": _words(script.NEUTRAL, values=values), "questions": asked}
    parts = [ScriptPart(talk.step) if talk.step in script.STEPS else script.STEPS[0]]
    values |= facts(case, now=now)
    filled = _words([*parts, ScriptPart.CALM], values=values)
    return {
        "values": values,
        "talk": talk,
        "words": filled,
        "words_now": filled[parts[0]],
        "steps": [(each, each.label) for each in script.STEPS],
        "is_first": parts[0] == script.STEPS[0],
        "is_last": parts[0] == script.STEPS[-1],
        "confirmed_by": ", ".join(str(IdentityItem(each).label) for each in talk.matched.split(",")),
        "answers": TalkForm(initial=TalkForm.said(talk)),
    }


def neutral_values(case: Case, *, agent: User, zones: Sequence[str], now: datetime) -> dict[str, str]:
    """Return what anybody may hear: how to greet, by the debtor's clock, and who speaks with whom."""
    return {
        "greeting": _greeting(
            now.astimezone(ZoneInfo(zones[0]) if zones else timezone.get_current_timezone())
        ),
        "name": case.debtor.short_name,
        "full_name": case.debtor.name,
        "agent": agent.name,
    }


def facts(case: Case, *, now: datetime) -> dict[str, str]:
    """Return the facts of a case as they are said aloud, as of `now`; for the confirmed person only."""
    on = timezone.localdate(now)
    owed = debtor_queries.balance_with(debtor_id=case.debtor_id, creditor_id=case.creditor_id, on=on)
    debts = Debt.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    debt = debts.order_by("installments__due_on", "pk").first()
    due_on, phone = owed.oldest_open_due_on, case.creditor.phone
    return {
        "brand": case.creditor.brand,
        "creditor": case.creditor.name,
        "phone": phones.format_national(phone) if phones.area_code(phone) else phone,
        "product": debt.product if debt else "",
        "contract": debt.contract if debt else "",
        "amount": money.format_brl(owed.due_cents or owed.total_cents),
        "due_date": dates.format_br(due_on) if due_on else "",
        "days_late": str(max(owed.days_late, 0)),
    }


def _greeting(there: datetime) -> str:
    if there.hour < NOON:
        return _("Good morning")
    return _("Good afternoon") if there.hour < EVENING else _("Good evening")


def _words(parts: Any, *, values: Mapping[str, str]) -> dict[str, Words]:
    """Return each part in the agent's language: as the manager wrote it, else as it is shipped."""
    kept = _written(parts=[str(part) for part in parts])
    found: dict[str, Line | ScriptText] = {}
    every: list[Line | ScriptText] = [*default_script.LINES, *kept]
    for text in every:
        if text.language == get_language() or text.part not in found:
            found[text.part] = text
    return {part: _filled(part, found[part], values=values) for part in parts}


@Read
def _written(parts: list[str]) -> QuerySet[ScriptText]:
    """The parts of the script as the manager wrote them."""
    return ScriptText.objects.filter(part__in=parts)


def _filled(part: ScriptPart, text: Line | ScriptText, *, values: Mapping[str, str]) -> Words:
    return Words(str(part), str(part.label), script.fill(text.text, values=values), text.hint)
