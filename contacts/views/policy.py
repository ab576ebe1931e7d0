"""The contact policy in plain words: the week, the caps, what is closed and why; and the pause switch."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts.forms.policy import FEAST_WORDS
from contacts.models import ContactPolicy, PolicyHead
from contacts.rules import policy_json
from contacts.rules.facts import Cap, PolicyTerms, Window
from contacts.services import policy as policies
from contacts.vocabulary import Channel, HoldKind

VERSIONS_SHOWN = 20


@dataclass(frozen=True)
class Day:
    """One weekday of the policy."""

    name: str
    hours: list[str]
    bars: list[tuple[int, int]]  # (first minute, minutes)


@login_required
@permission_required("contacts.view_contactpolicy", raise_exception=True)
@require_GET
def policy(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """Show the version in force, or the one asked for."""
    head = PolicyHead.objects.select_related("policy__created_by").filter(scope=policies.HOUSE).first()
    shown: ContactPolicy | None
    if version is not None:
        shown = get_object_or_404(ContactPolicy.objects.select_related("created_by"), version=version)
    else:
        shown = head.policy if head else None
    context = {
        "head": head,
        "shown": shown,
        "is_in_force": shown is not None and head is not None and shown.pk == head.policy_id,
        "versions": ContactPolicy.objects.select_related("created_by")[:VERSIONS_SHOWN],
    }
    if shown is not None:
        context |= in_words(shown.terms)
    return render(request, "contacts/policy.html", context)


@login_required
@permission_required("contacts.change_contactpolicy", raise_exception=True)
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Stop every contact of the house, or let them go on."""
    if not PolicyHead.objects.filter(scope=policies.HOUSE).exists():
        messages.warning(request, _("There is no policy in force: nothing leaves anyway."))
        return redirect("contacts:policy")
    is_paused = request.POST.get("do") == "pause"
    policies.pause(is_paused=is_paused, now=timezone.now())
    if is_paused:
        messages.warning(request, _("Everything is paused. No message and no call leaves until you resume."))
    else:
        messages.success(request, _("Contact goes on. What waited is judged again first."))
    return redirect("contacts:policy")


def in_words(raw: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says of a version: its terms, and their lists as words."""
    terms = policy_json.policy_from_json(raw)
    return {
        "terms": terms,
        "week": [_day(str(WEEKDAYS[number]), windows) for number, windows in enumerate(terms.windows)],
        "caps": _caps(terms),
        "channels_on": [channel.label for channel in Channel if channel in terms.channels],
        "channels_off": [channel.label for channel in Channel if channel not in terms.channels],
        "consent": [channel.label for channel in Channel if channel in terms.consent_required],
        "holds": [kind.label for kind in HoldKind if kind in terms.holds_blocking],
        "closes_public_holidays": bool(raw.get("close_public_holidays")),
        "feasts": [FEAST_WORDS.get(name, name) for name in raw.get("close_feasts", [])],
        "yearly": [f"{day:02}/{month:02}" for month, day in sorted(terms.yearly_holidays)],
        "closed_dates": sorted(terms.holidays),
    }


def _day(name: str, windows: tuple[Window, ...]) -> Day:
    return Day(
        name=name[:1].upper() + name[1:],
        hours=[f"{_clock(window.start_minute)}–{_clock(window.end_minute)}" for window in windows],
        bars=[(window.start_minute, window.end_minute - window.start_minute) for window in windows],
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _caps(terms: PolicyTerms) -> list[tuple[str, Cap]]:
    rows = [(_("All channels together"), terms.total_cap)]
    rows += [(str(channel.label), terms.channel_caps.get(channel)) for channel in Channel]
    rows += [(_("One number or address, for all who share it"), terms.point_cap)]
    return [(name, cap or Cap()) for name, cap in rows]
