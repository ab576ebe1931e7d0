"""The codes by which the gate says no: one word for each reason, kept on every attempt."""

from typing import Final

# Not in the gate's JSON: they speak of the house's own rows, not of the line's facts.
NO_POLICY: Final = "NO_POLICY"
RULE_FAILED: Final = "RULE_FAILED"
LEDGER_IN_DOUBT: Final = "LEDGER_IN_DOUBT"
NOTHING_OWED: Final = "NOTHING_OWED"
STATUTE_BARRED: Final = "STATUTE_BARRED"
TERMS_UNREADABLE: Final = "TERMS_UNREADABLE"
MESSAGE_FIRST: Final = "MESSAGE_FIRST"
WHATSAPP_WINDOW: Final = "WHATSAPP_WINDOW"
BLOCK_LIST: Final = "BLOCK_LIST"

PAUSED: Final = "PAUSED"
CHANNEL_DISABLED: Final = "CHANNEL_DISABLED"
TZ_UNKNOWN: Final = "TZ_UNKNOWN"
OUTSIDE_HOURS: Final = "OUTSIDE_HOURS"
BIRTHDAY: Final = "BIRTHDAY"
HOLIDAY: Final = "HOLIDAY"
MINOR: Final = "MINOR"
BIRTH_DATE_UNKNOWN: Final = "BIRTH_DATE_UNKNOWN"
POINT_INVALID: Final = "POINT_INVALID"
POINT_UNVERIFIED: Final = "POINT_UNVERIFIED"
POINT_WORKPLACE: Final = "POINT_WORKPLACE"
POINT_THIRD_PARTY: Final = "POINT_THIRD_PARTY"
POINT_WRONG_CHANNEL: Final = "POINT_WRONG_CHANNEL"
OPT_OUT_GLOBAL: Final = "OPT_OUT_GLOBAL"
OPT_OUT_CHANNEL: Final = "OPT_OUT_CHANNEL"
OPT_OUT_POINT: Final = "OPT_OUT_POINT"
CONSENT_MISSING: Final = "CONSENT_MISSING"
HOLD_PREFIX: Final = "HOLD_"  # followed by the kind in upper case: HOLD_DISPUTE
PROMISE_GRACE: Final = "PROMISE_GRACE"
CONVERSATION_COOLDOWN: Final = "CONVERSATION_COOLDOWN"
CAP_DAY_TOTAL: Final = "CAP_DAY_TOTAL"
CAP_DAY_CHANNEL: Final = "CAP_DAY_CHANNEL"
CAP_7D_TOTAL: Final = "CAP_7D_TOTAL"
CAP_7D_CHANNEL: Final = "CAP_7D_CHANNEL"
GAP_TOTAL: Final = "GAP_TOTAL"
GAP_CHANNEL: Final = "GAP_CHANNEL"
# The number's own caps, counting every debtor who shares it.
CAP_DAY_POINT: Final = "CAP_DAY_POINT"
CAP_7D_POINT: Final = "CAP_7D_POINT"
GAP_POINT: Final = "GAP_POINT"
VOICEMAIL: Final = "VOICEMAIL"

# Waiting does not lift these, all facts staying as they are: there is no next moment to name.
TIMELESS: Final = frozenset(
    {
        NO_POLICY,
        RULE_FAILED,
        LEDGER_IN_DOUBT,
        NOTHING_OWED,
        STATUTE_BARRED,
        TERMS_UNREADABLE,
        MESSAGE_FIRST,
        WHATSAPP_WINDOW,
        BLOCK_LIST,
        PAUSED,
        CHANNEL_DISABLED,
        TZ_UNKNOWN,
        BIRTH_DATE_UNKNOWN,
        POINT_INVALID,
        POINT_UNVERIFIED,
        POINT_WORKPLACE,
        POINT_THIRD_PARTY,
        POINT_WRONG_CHANNEL,
        VOICEMAIL,
    }
)
