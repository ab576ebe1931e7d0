"""The parts of the policy's form, each under its heading, in the order of the policy page."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Section(NamedTuple):
    """One heading and the names of the fields below it."""

    title: Promise
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        _("Closed days"),
        ("close_public_holidays", "close_optional_days", "close_feasts", "closed_dates", "block_birthday"),
    ),
    Section(_("Channels"), ("channels", "consent_required")),
    Section(
        _("Whom, and where not"),
        (
            "block_workplace",
            "block_third_party",
            "block_unverified",
            "never_leave_voicemail",
            "message_first",
            "minor_age",
            "require_birth_date",
            "exhausted_after_tries",
        ),
    ),
    Section(
        _("When contact rests"),
        (
            "holds_blocking",
            "promise_grace",
            "promise_grace_days",
            "promise_exempt_purposes",
            "conversation_cooldown_hours",
        ),
    ),
)
