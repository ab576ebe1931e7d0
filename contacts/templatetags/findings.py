"""The notice that something stops contact although nobody wished it."""

from typing import Any

from django import template
from django.template import RequestContext

from contacts.queries import findings

register = template.Library()


@register.inclusion_tag("contacts/_findings_notice.html", takes_context=True)
def findings_notice(context: RequestContext) -> dict[str, Any]:
    """Say so on top of a page: to managers with the way to what it is, to others that managers know."""
    user = context["request"].user
    return {
        "is_there": findings.has_open_findings(),
        "may_look": user.has_perm("contacts.view_finding"),
    }
