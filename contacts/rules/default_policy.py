"""The policy as shipped: lawful and courteous without any configuration."""

from typing import Any

from contacts.rules.commemoration import FEASTS

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")

#: Monday to Saturday 08:30 to 21:00, Sundays, public holidays and feasts closed; keys as in `PolicyTerms`.
#: `close_public_holidays` and `close_feasts` are resolved into dates before the gate is asked.
DEFAULT_POLICY: dict[str, Any] = {
    "channels": ["sms", "email", "voice"],
    "windows": {day: [["08:30", "21:00"]] for day in WORKING_DAYS} | {"sun": []},
    "close_public_holidays": True,
    "close_feasts": list(FEASTS),
    "block_birthday": True,
    "feb29": "both",
    "minor_age": 18,
    "block_workplace": True,
    "block_third_party": True,
    "consent_required": ["whatsapp"],
    "holds_blocking": ["dispute", "bankruptcy", "deceased", "legal", "complaint", "other"],
    "promise_grace": True,
    "promise_grace_days": 1,
    "promise_exempt_purposes": ["thank_you", "reply", "service", "test"],
    "conversation_cooldown_hours": 48,
    "caps": {
        "total": {"per_day": 2, "per_7_days": 4, "gap_minutes": 60},
        "channels": {
            "voice": {"per_day": 1, "per_7_days": 3},
            "sms": {"per_day": 1, "per_7_days": 2},
            "whatsapp": {"per_day": 1, "per_7_days": 2},
            "email": {"per_day": 1, "per_7_days": 3},
            "letter": {"per_7_days": 1},
        },
    },
    "week_mode": "rolling",
    "never_leave_voicemail": True,
    "unknown_answer_is_machine": True,
}
