"""Cases about points, wishes, promises, counting and speaking with the reasons worked out by hand."""

from .by_hand import (
    CLOSED,
    NORONHA,
    SAO_PAULO,
    TUESDAY_10AM,
    HandMade,
    answered,
    by_whatsapp,
    contact,
    counted,
    held,
    make_case,
    opted_out,
    promise,
    promised,
)

POINTS: HandMade = [
    ("an invalid point", make_case(point={"status": "invalid"}), ["POINT_INVALID"]),
    ("an unverified point", make_case(point={"status": "unverified"}), []),
    (
        "an unverified point, blocked",
        make_case(point={"status": "unverified"}, policy={"block_unverified": True}),
        ["POINT_UNVERIFIED"],
    ),
    ("a workplace", make_case(point={"kind": "workplace"}), ["POINT_WORKPLACE"]),
    ("a workplace, allowed", make_case(point={"kind": "workplace"}, policy={"block_workplace": False}), []),
    ("a third party", make_case(point={"kind": "third_party"}), ["POINT_THIRD_PARTY"]),
    ("words unknown", make_case(point={"kind": "cousin", "status": "dubious"}), []),
    ("another channel's point", make_case(point={"channels": ["email"]}), ["POINT_WRONG_CHANNEL"]),
]

STANDING: HandMade = [
    ("out of everything", opted_out(scope="global"), ["OPT_OUT_GLOBAL"]),
    ("out of this channel", opted_out(scope="channel", channel="sms"), ["OPT_OUT_CHANNEL"]),
    ("out of another channel", opted_out(scope="channel", channel="voice"), []),
    ("out at this point", opted_out(scope="point", point_id="p1"), ["OPT_OUT_POINT"]),
    ("out at another point", opted_out(scope="point", point_id="p2"), []),
    ("from this instant", opted_out(scope="global", **{"from": TUESDAY_10AM}), ["OPT_OUT_GLOBAL"]),
    ("until this instant", opted_out(scope="global", until=TUESDAY_10AM), []),
    (
        "until a microsecond later",
        opted_out(scope="global", until="2026-11-24T13:00:00.000001Z"),
        ["OPT_OUT_GLOBAL"],
    ),
    ("from a microsecond later", opted_out(scope="global", **{"from": "2026-11-24T13:00:00.000001Z"}), []),
    ("no consent", by_whatsapp(), ["CONSENT_MISSING"]),
    ("consent", by_whatsapp({"channel": "whatsapp"}), []),
    ("consent for all", by_whatsapp({"channel": "*"}), []),
    ("consent for another channel", by_whatsapp({"channel": "sms"}), ["CONSENT_MISSING"]),
    ("consent that ends now", by_whatsapp({"channel": "*", "until": TUESDAY_10AM}), ["CONSENT_MISSING"]),
    ("consent required of none", by_whatsapp(consent_required=[]), []),
    ("null is as absent", by_whatsapp(consent_required=None), ["CONSENT_MISSING"]),
    ("a dispute", held("dispute"), ["HOLD_DISPUTE"]),
    ("a hold of another kind", held("fraud"), []),
    ("kinds match exactly", held("Dispute"), []),
    ("a hold that ends now", held("deceased", until=TUESDAY_10AM), []),
    (
        "a kind of one's own",
        make_case(
            policy={"holds_blocking": ["fraud"]}, debtor={"holds": [{"kind": "fraud"}, {"kind": "legal"}]}
        ),
        ["HOLD_FRAUD"],
    ),
]

GRACE = ["PROMISE_GRACE"]
PROMISES: HandMade = [
    ("promised for today", promised(promise("2026-11-24")), GRACE),
    ("promised for yesterday", promised(promise("2026-11-23")), []),
    ("a day of grace", promised(promise("2026-11-23"), promise_grace_days=1), GRACE),
    ("the promised day itself, grace -1", promised(promise("2026-11-24"), promise_grace_days=-1), []),
    ("the day before, grace -1", promised(promise("2026-11-25"), promise_grace_days=-1), GRACE),
    ("made this instant", promised(promise("2026-11-30", made_at=TUESDAY_10AM)), GRACE),
    ("made a microsecond later", promised(promise("2026-11-30", made_at="2026-11-24T13:00:00.000001Z")), []),
    ("an overdue promise beside a running one", promised(promise("2026-11-30"), promise("2026-11-01")), []),
    ("a kept promise does not count", promised(promise("2026-11-30"), promise("2026-11-01", "kept")), GRACE),
    (
        "an exempt purpose",
        promised(promise("2026-11-30"), purpose="reply", promise_exempt_purposes=["reply"]),
        [],
    ),
    (
        "an agreed payment is reminded of only where the policy says so",
        promised(promise("2026-11-30"), purpose="agreed", promise_exempt_purposes=["reply"]),
        GRACE,
    ),
    ("no purpose is collection", promised(promise("2026-11-30"), promise_exempt_purposes=["collection"]), []),
    ("no grace", promised(promise("2026-11-30"), promise_grace=False), []),
]

SPOKE = "conversation"
MIDNIGHT, BEFORE_MIDNIGHT = "2026-11-24T03:00:00Z", "2026-11-24T02:59:59.999999Z"
A_WEEK_AGO, A_WEEK_AGO_LESS_A_BREATH = "2026-11-17T13:00:00Z", "2026-11-17T13:00:00.000001Z"
SIX_DAYS_BACK, BEFORE_SIX_DAYS_BACK = "2026-11-18T03:00:00Z", "2026-11-18T02:59:59.999999Z"
COUNTING: HandMade = [
    (
        "48 hours after a call",
        counted(contact("2026-11-22T13:00:00Z", "voice", SPOKE), conversation_cooldown_hours=48),
        [],
    ),
    (
        "a breath less than 48 hours after a call, whatever is counted",
        counted(
            contact("2026-11-22T13:00:00.000001Z", "voice", SPOKE),
            conversation_cooldown_hours=48,
            counted_outcomes=[],
        ),
        ["CONVERSATION_COOLDOWN"],
    ),
    (
        "a call to come",
        counted(contact("2026-11-24T13:00:01Z", "voice", SPOKE), conversation_cooldown_hours=48),
        [],
    ),
    (
        "a third of an hour is 20 minutes",
        counted(contact("2026-11-24T12:40:00Z", "sms", SPOKE), conversation_cooldown_hours=1 / 3),
        [],
    ),
    ("an hour's gap", counted(contact("2026-11-24T12:00:00Z"), total={"gap_minutes": 60}), []),
    ("less", counted(contact("2026-11-24T12:00:00.000001Z"), total={"gap_minutes": 60}), ["GAP_TOTAL"]),
    ("half a minute", counted(contact("2026-11-24T12:59:30Z"), sms={"gap_minutes": 0.5}), []),
    ("less than it", counted(contact("2026-11-24T12:59:31Z"), sms={"gap_minutes": 0.5}), ["GAP_CHANNEL"]),
    ("this instant", counted(contact(TUESDAY_10AM), total={"gap_minutes": 1, "per_day": 2}), ["GAP_TOTAL"]),
    ("no gap", counted(contact(TUESDAY_10AM), total={"gap_minutes": 0}), []),
    ("today's first instant", counted(contact(MIDNIGHT), total={"per_day": 1}), ["CAP_DAY_TOTAL"]),
    ("yesterday's last", counted(contact(BEFORE_MIDNIGHT), total={"per_day": 1}), []),
    ("none a day", counted(sms={"per_day": 0}), ["CAP_DAY_CHANNEL"]),
    ("no limit", counted(contact(MIDNIGHT), total={"per_day": None, "gap_minutes": None}), []),
    ("a failed one", counted(contact(MIDNIGHT, outcome="failed"), total={"per_day": 1}), []),
    (
        "a failed one where it counts",
        counted(contact(MIDNIGHT, outcome="failed"), total={"per_day": 1}, counted_outcomes=["failed"]),
        ["CAP_DAY_TOTAL"],
    ),
    ("nothing counts", counted(contact(MIDNIGHT), total={"per_day": 1}, counted_outcomes=[]), []),
    (
        "null counts the seven",
        counted(contact(MIDNIGHT), sms={"per_day": 1}, counted_outcomes=None),
        ["CAP_DAY_CHANNEL"],
    ),
    ("another channel's", counted(contact(MIDNIGHT, "email"), sms={"per_day": 1}, total={"per_day": 2}), []),
    ("all channels", counted(contact(MIDNIGHT, "email"), total={"per_day": 1}), ["CAP_DAY_TOTAL"]),
    (
        "one to come",
        counted(contact("2026-11-24T13:00:00.000001Z"), total={"per_day": 1, "gap_minutes": 9}),
        [],
    ),
    ("168 hours", counted(contact(A_WEEK_AGO), total={"per_7_days": 1}), []),
    ("less than 168", counted(contact(A_WEEK_AGO_LESS_A_BREATH), total={"per_7_days": 1}), ["CAP_7D_TOTAL"]),
    (
        "today less six days",
        counted(contact(SIX_DAYS_BACK), sms={"per_7_days": 1}, week_mode="local_dates"),
        ["CAP_7D_CHANNEL"],
    ),
    (
        "today less seven days",
        counted(contact(BEFORE_SIX_DAYS_BACK), sms={"per_7_days": 1}, week_mode="local_dates"),
        [],
    ),
    (
        "today in one of two zones",
        make_case(
            zones=(SAO_PAULO, NORONHA),
            debtor={"contacts": [contact("2026-11-24T02:30:00Z")]},
            policy={"caps": {"total": {"per_day": 1}, "channels": None}},
        ),
        ["CAP_DAY_TOTAL"],
    ),
]

SPEAKING: HandMade = [
    ("a machine", answered("machine"), ["VOICEMAIL"]),
    ("a person", answered("human"), []),
    ("nobody knows", answered(None), ["VOICEMAIL"]),
    ("a word unknown", answered("fax"), ["VOICEMAIL"]),
    ("unknown is no machine", answered("unknown", unknown_answer_is_machine=False), []),
    (
        "a machine is one, whatever unknown is",
        answered("machine", unknown_answer_is_machine=False),
        ["VOICEMAIL"],
    ),
    ("voicemail allowed", answered("machine", never_leave_voicemail=False), []),
    ("only a voice speaks", answered("machine", channel="sms"), []),
    ("a start asks no machine", make_case(channel="voice", answered_by="machine"), []),
    ("an action unknown is a start", make_case("2026-11-22T13:00:00Z", action="begin"), CLOSED),
    (
        "of speaking only pause, opt-outs, holds and voicemail are judged",
        make_case(
            "2026-11-22T03:00:00Z",
            channel="voice",
            action="speak",
            zones=(),
            policy={
                "paused": True,
                "channels": [],
                "require_birth_date": True,
                "consent_required": ["voice"],
            },
            debtor={"opt_outs": [{"scope": "global"}], "holds": [{"kind": "legal"}]},
            point={"kind": "workplace", "status": "invalid", "channels": []},
        ),
        ["HOLD_LEGAL", "OPT_OUT_GLOBAL", "PAUSED", "VOICEMAIL"],
    ),
]
