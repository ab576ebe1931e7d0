"""The policy as shipped: lawful and courteous without any configuration."""

from typing import Any

from contacts.vocabulary import HoldKind

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")

#: Days of family and faith. Not among them: days of trade, on which people look for offers (Consumer's and
#: Customer's Day, Black Friday), days of one profession, and Ash Wednesday, of which half is a working day.
CLOSED_FEASTS = (
    *("carnival", "corpus_christi", "christmas_eve", "new_years_eve"),
    *("new_year", "womens_day", "good_friday", "easter", "mothers_day", "sweethearts_day"),
    *("saint_johns_day", "grandparents_day", "fathers_day", "childrens_day", "christmas"),
)

#: Monday to Saturday 08:30 to 21:00, Sundays, public holidays and feasts closed; keys as in `PolicyTerms`.
#: `close_public_holidays` and `close_feasts` are resolved into dates before the gate is asked.
DEFAULT_POLICY: dict[str, Any] = {
    "channels": ["sms", "email", "voice"],
    "windows": {day: [["08:30", "21:00"]] for day in WORKING_DAYS} | {"sun": []},
    "close_public_holidays": True,
    "close_feasts": list(CLOSED_FEASTS),
    "block_birthday": True,
    "feb29": "both",
    "minor_age": 18,
    "block_workplace": True,
    "block_third_party": True,
    "consent_required": ["whatsapp"],
    "holds_blocking": [kind.value for kind in HoldKind],
    "holds_known": [kind.value for kind in HoldKind],  # kinds that come later block until a manager says no
    "promise_grace": True,
    "promise_grace_days": 1,
    "promise_exempt_purposes": ["agreed", "thank_you", "reply", "service", "test"],
    "conversation_cooldown_hours": 48,
    "caps": {
        "total": {"per_day": 2, "per_7_days": 4, "gap_minutes": 60},
        "point": {"per_day": 2, "per_7_days": 4, "gap_minutes": 60},  # as one person, however many share it
        "channels": {
            "voice": {"per_day": 1, "per_7_days": 3},
            "sms": {"per_day": 1, "per_7_days": 2},
            "whatsapp": {"per_day": 1, "per_7_days": 2},
            "email": {"per_day": 1, "per_7_days": 3},
            "letter": {"per_7_days": 1},
        },
    },
    "exhausted_after_tries": 12,  # at three calls a week, a month of nobody answering
    "week_mode": "rolling",
    "never_leave_voicemail": True,
    "unknown_answer_is_machine": True,
}
