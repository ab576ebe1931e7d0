"""Managers' pages for the contact policy, the texts and the wishes; and the logs of what was sent."""

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from contacts import reasons
from contacts.forms.policy import CAP_PARTS, CAPS, DAYS, PolicyForm, cap_field
from contacts.models import (
    Attempt,
    Consent,
    Contact,
    ContactPolicy,
    Hold,
    OptOut,
    PolicyHead,
    ProviderEvent,
    Template,
)
from contacts.rules import disclosure, sms_size, wording
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import consent, holds, policy
from contacts.vocabulary import Channel, Disclosure, HoldKind, OptOutScope
from debtors.admin import KeptAdmin, LogAdmin
from debtors.forms import DebtorField
from debtors.models import User

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

_PLACEHOLDERS = ", ".join(f"{{{{ {name} }}}}" for name in wording.PLACEHOLDERS)
INDISCREET = {
    "word": _("“%(found)s” tells a stranger what this is about."),
    "amount": _("“%(found)s” names money."),
    "placeholder": _("{{ %(found)s }} is for messages to the right person only."),
    "shouting": _("Capitals shout."),
}


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@admin.register(ContactPolicy)
class ContactPolicyAdmin(KeptAdmin):
    """Versions of the policy: written anew from the one in force, published at once, then read-only."""

    list_display = ["version", "published_at", "created_by", "note", "in_words"]
    list_select_related = ["created_by"]
    search_fields = ["note"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form of a new version, prefilled from the one in force."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        head = PolicyHead.objects.select_related("policy").filter(scope=policy.HOUSE).first()
        return partial(PolicyForm, base=deepcopy(head.policy.terms if head else DEFAULT_POLICY))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is not None:
            return [(None, {"fields": ["version", "published_at", "created_by", "note", "in_words"]})]
        return _FIELDSETS

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["in_words"] if obj else []

    def save_model(self, request: HttpRequest, obj: ContactPolicy, form: Any, change: bool) -> None:  # noqa: FBT001
        """Publish the version: it binds at the next admission."""
        published = policy.publish(
            terms=form.terms, note=form.cleaned_data["note"], by=_user(request), now=timezone.now()
        )
        obj.pk = published.pk
        obj.refresh_from_db()

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002
    ) -> list[dict[str, dict[str, list[str]]]]:
        return [{"added": {}}]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        hidden = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context | hidden, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: ContactPolicy, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        messages.info(request, _now("It is in force from now on; what was refused before is judged again."))
        return response

    @admin.display(description=_("in plain words"))
    def in_words(self, version: ContactPolicy) -> str:
        url = reverse("contacts:policy_version", args=[version.version])
        return format_html('<a href="{}">{}</a>', url, _("read it"))


_FIELDSETS = [
    (None, {"fields": ["note"]}),
    (
        _("When contact may begin, by the debtor's clock"),
        {
            "fields": [*(f"windows_{day}" for day in DAYS), "knows_it_is_looser"],
            "description": _("As 08:30-21:00, or 08:30-12:00, 13:30-18:00; empty is closed."),
        },
    ),
    (_("Channels"), {"fields": ["channels", "consent_required"]}),
    (
        _("Closed days"),
        {"fields": ["close_public_holidays", "close_feasts", "closed_dates", "block_birthday"]},
    ),
    (
        _("How often is enough"),
        {
            "fields": [tuple(cap_field(name, part) for part in CAP_PARTS) for name in CAPS],
            "description": _("Counted over all debts, creditors and agents of a debtor; empty is no limit."),
        },
    ),
    (
        _("Whom, and where not"),
        {
            "fields": [
                "block_workplace",
                "block_third_party",
                "block_unverified",
                "never_leave_voicemail",
                "minor_age",
                "require_birth_date",
            ]
        },
    ),
    (
        _("When contact rests"),
        {
            "fields": [
                "holds_blocking",
                "promise_grace",
                "promise_grace_days",
                "conversation_cooldown_hours",
            ]
        },
    ),
]


@admin.register(PolicyHead)
class PolicyHeadAdmin(LogAdmin):
    """Which version is in force, and whether everything is paused."""

    list_display = ["policy", "is_paused", "changed_at"]
    list_select_related = ["policy"]


class TemplateForm(ModelForm):
    """A text: its placeholders exist, and a neutral one tells a stranger nothing."""

    class Meta:
        model = Template
        fields = ["key", "channel", "title", "tone", "disclosure", "subject", "body", "is_active"]

    def clean(self) -> dict[str, Any]:
        """Check subject and text each by itself, so that the error stands beside the right one."""
        cleaned = super().clean() or {}
        for field in ("subject", "body"):
            self._check(field, text=cleaned.get(field) or "", tells=cleaned.get("disclosure") or "")
        if cleaned.get("channel") == Channel.EMAIL and not cleaned.get("subject"):
            self.add_error("subject", _("An e-mail needs a subject."))
        return cleaned

    def _check(self, field: str, *, text: str, tells: str) -> None:
        try:
            found = disclosure.indiscretions(text)
        except wording.PlaceholderError as error:
            known = ", ".join(sorted(wording.PLACEHOLDERS))
            self.add_error(
                field,
                _("“%(found)s” is no placeholder. There are: %(known)s.")
                % {"found": error.found, "known": known},
            )
            return
        for each in found if tells == Disclosure.NEUTRAL else ():
            self.add_error(field, INDISCREET[each.kind] % {"found": each.found})


@admin.register(Template)
class TemplateAdmin(KeptAdmin):
    """The courteous texts."""

    form = TemplateForm
    list_display = ["title", "key", "channel", "tone", "disclosure", "size", "is_active"]
    list_filter = ["channel", "tone", "disclosure", "is_active"]
    search_fields = ["title", "key", "body"]
    readonly_fields = ["size"]
    fieldsets = [
        (None, {"fields": ["key", "title", "channel", "is_active"]}),
        (_("How it speaks"), {"fields": ["tone", "disclosure"]}),
        (
            _("What it says"),
            {
                "fields": ["subject", "body", "size"],
                "description": format_lazy("{} {}", _("Placeholders:"), _PLACEHOLDERS),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Key and channel name the text for ladders: they stay."""
        return ["size", "key", "channel"] if obj else ["size"]

    @admin.display(description=_("size as SMS"))
    def size(self, template: Template) -> str:
        if template.channel != Channel.SMS or not template.body:
            return "–"
        size = sms_size.sms_size(template.body)
        words = {"units": size.units, "segments": size.segments, "encoding": size.encoding}
        text = _now(
            "%(units)s characters, %(segments)s SMS (%(encoding)s), names and amounts not yet filled in"
        )
        if size.offenders:
            return (text + _now("; made longer by: %(letters)s")) % (words | {"letters": size.offenders})
        return text % words


class WishAdmin(KeptAdmin):
    """Wishes and holds: added through their service, ended on the debtor's page, never edited."""

    list_select_related = ["debtor"]
    search_fields = ["debtor__name"]
    date_hierarchy = "active_from"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        own = {} if obj is None else {"form": forms.ModelForm}
        return super().get_form(request, obj, change, **(kwargs | own))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return list(self.form.base_fields)
        return [field.name for field in obj._meta.fields if field.name != "id"]

    @admin.display(description=_("debtor's page"))
    def page(self, wish: Any) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("contacts:debtor", args=[wish.debtor_id]), _("open")
        )

    def take(self, obj: Any, request: HttpRequest) -> Any:
        """Write the row through its service."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.pk = self.take(obj, request).pk
        obj.refresh_from_db()


class OptOutAdminForm(ModelForm):
    """Any contact, or one channel; a single number is taken out on the debtor's page."""

    debtor = DebtorField()
    scope = forms.ChoiceField(
        label=_("reaches"),
        choices=[each for each in OptOutScope.choices if each[0] != OptOutScope.POINT],
        help_text=_("One number or address only: record it on the debtor's page."),
    )

    class Meta:
        model = OptOut
        fields = ["debtor", "scope", "channel", "source"]

    def clean(self) -> dict[str, Any]:
        """A wish about one channel names it; a wish about everything names none."""
        cleaned = super().clean() or {}
        is_channel = cleaned.get("scope") == OptOutScope.CHANNEL
        if is_channel and not cleaned.get("channel"):
            self.add_error("channel", _("Which channel does the debtor not want?"))
        if not is_channel:
            cleaned["channel"] = ""
        return cleaned


@admin.register(OptOut)
class OptOutAdmin(WishAdmin):
    """Who does not want to be contacted."""

    form = OptOutAdminForm
    list_display = ["debtor", "scope", "channel", "active_from", "active_until", "source", "page"]
    list_filter = ["scope", "channel"]

    def take(self, obj: OptOut, request: HttpRequest) -> OptOut:
        return consent.opt_out(
            debtor=obj.debtor,
            scope=OptOutScope(obj.scope),
            channel=obj.channel,
            source=obj.source,
            by=_user(request),
            now=timezone.now(),
        )


class HoldAdminForm(ModelForm):
    """Why contact rests."""

    debtor = DebtorField()

    class Meta:
        model = Hold
        fields = ["debtor", "kind", "reason", "active_until"]


@admin.register(Hold)
class HoldAdmin(WishAdmin):
    """Reasons to leave a debtor in peace."""

    form = HoldAdminForm
    list_display = ["debtor", "kind", "active_from", "active_until", "placed_by", "page"]
    list_filter = ["kind"]

    def take(self, obj: Hold, request: HttpRequest) -> Hold:
        return holds.place(
            debtor=obj.debtor,
            kind=HoldKind(obj.kind),
            reason=obj.reason,
            by=_user(request),
            now=timezone.now(),
            until=obj.active_until,
        )


class ConsentAdminForm(ModelForm):
    """What the debtor allowed, and the proof of it."""

    debtor = DebtorField()
    channel = forms.ChoiceField(label=_("channel"), choices=[*Channel.choices, ("*", _("every channel"))])

    class Meta:
        model = Consent
        fields = ["debtor", "channel", "source"]


@admin.register(Consent)
class ConsentAdmin(WishAdmin):
    """Permissions, with their proof."""

    form = ConsentAdminForm
    list_display = ["debtor", "channel", "active_from", "active_until", "source", "page"]
    list_filter = ["channel"]

    def take(self, obj: Consent, request: HttpRequest) -> Consent:
        return consent.grant(debtor=obj.debtor, channel=obj.channel, source=obj.source, now=timezone.now())


@admin.register(Contact)
class ContactAdmin(LogAdmin):
    """Every contact wanted or made."""

    list_display = ["not_before", "debtor", "channel", "purpose", "state", "outcome", "why_not"]
    list_filter = ["state", "outcome", "channel", "purpose", "creditor"]
    list_select_related = ["debtor"]
    search_fields = ["debtor__name"]
    date_hierarchy = "created_at"
    fields = ["debtor", "creditor", "channel", "purpose", "template", "point", "agent", "is_inbound", "state",
              "outcome", "why_not", "not_before", "expires_at", "policy", "decided_at", "started_at",
              "concluded_at", "subject", "body", "error_code", "created_at", "wanted_by"]  # fmt: skip
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("why not"))
    def why_not(self, contact: Contact) -> str:
        return "; ".join(reason.text for reason in reasons.explain_all(contact.objections)) or "–"


@admin.register(Attempt)
class AttemptAdmin(LogAdmin):
    """Every try at a provider."""

    list_display = ["started_at", "contact", "state", "provider", "error_code", "settled_at"]
    list_filter = ["state", "provider"]
    list_select_related = ["contact"]
    date_hierarchy = "started_at"


@admin.register(ProviderEvent)
class ProviderEventAdmin(LogAdmin):
    """What providers told us, as they said it."""

    list_display = ["received_at", "provider", "status", "provider_id"]
    list_filter = ["provider", "status"]
    date_hierarchy = "received_at"
