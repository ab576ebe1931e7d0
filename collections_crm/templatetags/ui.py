"""The parts a page is made of: icons, states, navigation, pager, sortable heads and form fields."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

THEMES = ("light", "dark")
#: Entries of the navigation that fit beside the name on a tablet, and on a wide screen.
SHORT, FITTING = 4, 8
STATE_ICONS = {
    "ok": "circle-check",
    "wait": "clock",
    "bad": "circle-x",
    "quiet": "minus",
    "info": "info-circle",
}
VERDICT_ICONS = {"yes": "circle-check", "later": "clock-pause", "no": "hand-stop"}


class NavEntry(NamedTuple):
    """One place in the bar: shown to whoever holds the permission, once its page exists."""

    url_name: str
    permission: str
    label: Any
    starts_group: bool = False
    also: tuple[str, ...] = ()  # pages that belong here although their address begins elsewhere


NAV = (
    NavEntry("dunning:desk", "dunning.work_queue", _("Queue")),
    NavEntry("debtors:list", "debtors.view_debtor", _("Debtors"), also=("contacts:debtor", "contacts:point")),
    NavEntry("debtors:promises", "debtors.view_promisetopay", _("Promises")),
    NavEntry(
        "debtors:agreements",
        "debtors.view_agreement",
        _("Agreements"),
        also=("debtors:agreement", "debtors:negotiate"),
    ),
    NavEntry("dunning:my_day", "dunning.work_queue", _("My day")),
    NavEntry(
        "debtors:import",
        "debtors.import_debts",
        _("Import"),
        starts_group=True,
        also=(
            "debtors:payments_import",
            "debtors:bank_files",
            "debtors:bank_file",
            "debtors:arrivals",
            "debtors:arrival",
            "debtors:indices",
            "debtors:doubts",
            "debtors:limitations",
            "escalations",
            "escalation",
        ),
    ),
    NavEntry("dunning:strategies", "dunning.view_strategy", _("Ladders")),
    NavEntry("contacts:policy", "contacts.view_contactpolicy", _("Policy")),
    NavEntry("contacts:templates", "contacts.view_template", _("Templates")),
    NavEntry(
        "contacts:messages",
        "contacts.view_contact",
        _("Messages"),
        also=(
            "contacts:outbox",
            "contacts:findings",
            "contacts:unclear",
            "contacts:letters",
            "contacts:letter_batch",
            "operations",
        ),
    ),
    NavEntry("contacts:pressure", "contacts.view_contact", _("Pressure")),
    NavEntry("admin:index", "", _("Administration"), also=("debtors:colleagues", "debtors:colleague_phone")),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return one icon of the sprite; silent beside a word, named by `label` when it stands alone."""
    address = f"{static('vendor/icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
def state(tone: str, word: str, mark: str = "", *, boxed: bool = False) -> SafeString:
    """Return a state as a word with a mark. `tone` is ok, wait, bad, quiet or info."""
    return format_html(
        '<span class="state tone-{}{}">{}{}</span>',
        tone,
        " state-box" if boxed else "",
        icon(mark or STATE_ICONS[tone]),
        word,
    )


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """Return `light` or `dark` when this browser chose one, else nothing: then the system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.inclusion_tag("_nav.html", takes_context=True)
def nav(context: RequestContext) -> dict[str, Any]:
    """Show the places this user may go to; a page that does not exist yet is left out."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return {"entries": []}
    shown = [(entry, url) for entry in NAV if (url := _address(entry.url_name)) and _may_enter(user, entry)]
    here = _place_of(request, shown)
    entries = [
        {"url": url, "label": entry.label, "starts_group": entry.starts_group, "is_here": entry is here}
        for entry, url in shown
    ]
    width = "short" if len(entries) <= SHORT else "long" if len(entries) > FITTING else ""
    return {"entries": entries, "width": width}


@register.simple_tag
def address(url_name: str) -> str:
    """Return the address of a page that may not exist yet, else nothing."""
    return _address(url_name)


@register.inclusion_tag("_pager.html", takes_context=True)
def pager(context: RequestContext, page: Page[Any]) -> dict[str, Any]:
    """Show which rows these are, of how many, and the way to the others; the filters stay in the address."""
    request: HttpRequest = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": request, "gap": page.paginator.ELLIPSIS}


@register.inclusion_tag("_sort_header.html", takes_context=True)
def sort_header(context: RequestContext, key: str, label: str, *, numeric: bool = False) -> dict[str, Any]:
    """Show a column head that sorts by `key` (`?sort=key`, then `?sort=-key`)."""
    request: HttpRequest = context["request"]
    chosen = request.GET.get("sort", "")
    return {
        "request": request,
        "label": label,
        "numeric": numeric,
        "next_sort": f"-{key}" if chosen == key else key,
        "direction": {key: "ascending", f"-{key}": "descending"}.get(chosen, ""),
    }


@register.inclusion_tag("_verdict.html")
def verdict(tone: str, text: str, reasons: Iterable[Any] = ()) -> dict[str, Any]:
    """Show whether a contact is allowed now: `tone` yes, later or no; a reason has `text` and `basis`."""
    return {"tone": tone, "text": text, "reasons": list(reasons or ()), "mark": VERDICT_ICONS[tone]}


@register.inclusion_tag("_nothing.html")
def nothing(
    title: str, text: str = "", mark: str = "inbox", url: str = "", action: str = ""
) -> dict[str, str]:
    """Show that there is nothing here, and what to do next."""
    return {"title": title, "text": text, "mark": mark, "url": url, "action": action}


@register.inclusion_tag("_field.html")
def field(
    bound: BoundField, label: str = "", help_text: str = "", *, is_asked_for: bool = False
) -> dict[str, Any]:
    """Show one form field: label above, help below, its errors beside it in words.

    `is_asked_for`: optional for the form as a whole, but needed wherever it is shown.
    """
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help_text or bound.help_text,
        "is_optional": not bound.field.required and not is_asked_for,
        "is_check": isinstance(bound.field.widget, forms.CheckboxInput),
        "is_group": bool(bound.use_fieldset),
    }


@register.filter
def control(bound: BoundField) -> SafeString:
    """Return the field's widget dressed for its kind, tied to its help and errors for screen readers."""
    if bound.use_fieldset:
        return bound.as_widget()
    widget = bound.field.widget
    own = str(widget.attrs.get("class", ""))
    attrs: dict[str, str | bool] = {"class": f"{_dress(widget)} {own}".strip()}
    if bound.errors:
        attrs["class"] = f"{attrs['class']} is-invalid"
    return bound.as_widget(attrs=attrs)


def _dress(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _place_of(request: HttpRequest, shown: list[tuple[NavEntry, str]]) -> NavEntry | None:
    """Return the place a page belongs to: the one that claims it, else the longest address it begins with."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    claimed = [entry for entry, _url in shown if page in entry.also]
    begun = [(len(url), entry) for entry, url in shown if request.path.startswith(url)]
    return claimed[0] if claimed else max(begun, default=(0, None), key=lambda found: found[0])[1]


def _may_enter(user: Any, entry: NavEntry) -> bool:
    return bool(user.has_perm(entry.permission) if entry.permission else user.is_staff)
