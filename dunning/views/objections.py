"""Objections: found while talking, with the case's facts; and practised with nobody on the line."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts import queries as contact_queries
from contacts.rules import example
from contacts.vocabulary import Channel
from debtors.services.access import user_of
from dunning.models import Case, Objection
from dunning.rules import default_objections, objections, script
from dunning.rules.default_objections import Objection as Shipped
from dunning.services import talking
from dunning.views import script_part
from dunning.views.asked import case_of, fence_of, stale

MOST_SHOWN = 6
LONGEST_ANSWER = 600
REMARKS = {
    "threat": _("“%(found)s” sounds like a threat."),
    "shaming": _("“%(found)s” shames the person."),
    "pressure": _("“%(found)s” presses. An offer works better."),
    "consequence": _("“%(found)s” is a consequence: only a formal letter names it."),
    "hard_word": _("“%(found)s” is a hard word here; a softer one says the same."),
    "capitals": _("Capitals are read as shouting."),
    "storm": _("One mark is enough."),
}


def known() -> list[Objection | Shipped]:
    """Return the playbook's objections in the agent's language; what nobody wrote is as it is shipped."""
    language = get_language() or "pt-br"
    rows = list(Objection.objects.filter(language=language))
    if not rows:
        return list(default_objections.OBJECTIONS.get(language, default_objections.PORTUGUESE))
    return [row for row in rows if row.is_active]


def found(case: Case, asked: str, *, values: dict[str, str]) -> dict[str, Any]:
    """Return the part of the card: what matches, each reply filled with the case's facts."""
    matching = objections.matching(asked, known())
    return {
        "case": case,
        "asked": asked,
        "objections": [
            {"says": each.says, "reply": script.fill(each.reply, values=values)}
            for each in matching[:MOST_SHOWN]
        ],
    }


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def search(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the objections that match what is typed, with the case's facts; of a confirmed person only."""
    case, agent, now = case_of(request, pk), user_of(request.user), timezone.now()
    is_mine = case.agent_id == agent.pk and case.fence == fence_of(request)
    if not is_mine or not case.leased_until or case.leased_until <= now:
        return stale(request, case)
    if not talking.is_confirmed(case, fence=case.fence):
        return redirect("dunning:case", pk=pk)
    person = contact_queries.may_contact(
        debtor=case.debtor, channel=Channel.VOICE, now=now, creditor_id=case.creditor_id
    ).person
    values = script_part.neutral_values(case, agent=agent, zones=person.time_zones, now=now)
    values |= script_part.facts(case, now=now)
    shown = found(case, request.POST.get("asked", "")[:100], values=values)
    name = "_objections.html" if "HX-Request" in request.headers else "objections.html"
    return render(request, f"dunning/desk/{name}", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def practice(request: HttpRequest) -> HttpResponse:
    """Play the debtor: show what somebody may say; then what the agent answered, and the playbook's reply."""
    lines = known()
    turn = _turn(request)
    line = lines[turn % len(lines)] if lines else None
    shown: dict[str, Any] = {"line": line, "turn": turn % len(lines) if lines else 0, "count": len(lines)}
    if request.method == "POST" and line:
        typed = request.POST.get("answer", "")[:LONGEST_ANSWER]
        values = dict(example.VALUES) | {"agent": user_of(request.user).name}
        shown |= {
            "typed": typed,
            "remarks": [REMARKS[each.kind] % {"found": each.found} for each in objections.remarks(typed)],
            "reply": script.fill(line.reply, values=values),
            "next": (turn + 1) % len(lines),
        }
    return render(request, "dunning/practice.html", shown)


def _turn(request: HttpRequest) -> int:
    text = request.POST.get("turn") or request.GET.get("turn") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
