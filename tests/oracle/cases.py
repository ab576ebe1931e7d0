"""Makes random cases for the gate, biased to the edges of its rules, and lines that are no cases at all."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from . import facts, history
from .literal_rules import FIVE_HOLDS, SEVEN_OUTCOMES
from .scenes import make_scene, text_of

Case = dict[str, Any]

PARTS: dict[str, Callable[..., None]] = {  # in this order: later parts look at what earlier ones set
    "switches": facts.switches,
    "zones": facts.zones,
    "hours": facts.hours,
    "birthday": facts.birthday,
    "minority": facts.minority,
    "holidays": facts.holidays,
    "point": facts.point,
    "opt_outs": facts.opt_outs,
    "consents": facts.consents,
    "holds": facts.holds,
    "promises": facts.promises,
    "cooldown": history.cooldown,
    "caps": history.caps,
    "speaking": facts.speaking,
}
POLICY_DEFAULTS: Case = {
    **dict.fromkeys(
        ["paused", "window_end_inclusive", "block_unverified", "require_birth_date"],
        False,
    ),
    **dict.fromkeys(
        ["block_birthday", "block_workplace", "block_third_party", "promise_grace"],
        True,
    ),
    **dict.fromkeys(["never_leave_voicemail", "unknown_answer_is_machine"], True),
    **{
        key: []
        for key in [
            "hours_exempt_channels",
            "dates_exempt_channels",
            "fallback_time_zones",
        ]
    },
    **{key: [] for key in ["holidays", "yearly_holidays", "promise_exempt_purposes"]},
    "feb29": "both",
    "minor_age": 18,
    "consent_required": ["whatsapp"],
    "holds_blocking": FIVE_HOLDS,
    "promise_grace_days": 0,
    "conversation_cooldown_hours": None,
    "caps": None,
    "week_mode": "rolling",
    "counted_outcomes": SEVEN_OUTCOMES,
}
LISTS_OF_DEBTOR = [
    "time_zones",
    "holidays",
    "holds",
    "opt_outs",
    "consents",
    "promises",
    "contacts",
]


def random_case(rng: Random) -> Case:
    """Return a valid case. Few of its parts are rough as a rule, so that single rules decide."""
    rough = set(
        rng.sample(
            [*PARTS, "caps", "caps"],
            rng.choice([0, 1, 1, 1, 2, 3, 4, 6, 9, len(PARTS)]),
        )
    )
    scene = make_scene(rng, rough_zones="zones" in rough, rough_hours="hours" in rough)
    channel = rng.choice([*facts.CHANNELS, "sms", "voice", "carrier pigeon"])
    if "speaking" in rough and rng.random() < 0.8:
        channel = "voice"
    case: Case = {"id": random_id(rng), "instant": text_of(scene.t), "channel": channel}
    case |= {"policy": {}, "debtor": {}, "point": {}}
    for name, part in PARTS.items():
        part(rng, scene, case, rough=name in rough)
    write_otherwise(rng, case)
    return case


def random_id(rng: Random) -> Any:
    number = rng.randrange(10**9)
    return rng.choice([f"{number}:7", f"{number}", f"{number}", number, f"Ação «{number}»", None])


def write_otherwise(rng: Random, case: Case) -> None:
    """Say the same in other words: keys absent, null or given where it is all one, and keys unknown."""
    policy, debtor, point = case["policy"], case["debtor"], case["point"]
    for key, default in POLICY_DEFAULTS.items():
        if policy[key] == default:
            leave_out(rng, policy, key, nullable=isinstance(default, list))
    for key in LISTS_OF_DEBTOR:
        if not debtor.get(key):
            leave_out(rng, debtor, key, nullable=True)
    if not point["time_zones"]:
        leave_out(rng, point, "time_zones", nullable=True)
    for holder, key in [
        (case, "action"),
        (case, "purpose"),
        (case, "answered_by"),
        (debtor, "birth_date"),
    ]:
        if holder[key] is None and rng.random() < 0.5:
            del holder[key]
    if not policy["windows"] and rng.random() < 0.5:
        del policy["windows"]
    if case["id"] is None and rng.random() < 0.5:
        del case["id"]
    if rng.random() < 0.05:
        case["instant"] = case["instant"].replace("Z", "+00:00")
    if rng.random() < 0.05:
        rng.choice([case, policy, debtor, point])["remark"] = {"of": ["no", "consequence"]}
    if rng.random() < 0.05:
        case["expect"] = {"allowed": True, "reasons": []}


def leave_out(rng: Random, holder: Case, key: str, *, nullable: bool) -> None:
    chance = rng.random()
    if chance < 0.4:
        holder.pop(key, None)
    elif chance < 0.5 and nullable:
        holder[key] = None


def malformed_line(rng: Random) -> str:
    """Return a line that must get an error, whatever else it says."""
    case = random_case(rng)
    if rng.random() < 0.25:
        whole = json.dumps(case)
        not_a_case = [
            "[]",
            "7",
            '"text"',
            "null",
            "{",
            "not json",
            "{'id': 1}",
            whole[:-1],
            whole + "}",
            "{}",
        ]
        return rng.choice(not_a_case)
    rng.choice(SPOILERS)(rng, case)
    return json.dumps(case)


def lose_a_key(rng: Random, case: Case) -> None:
    holder, key = rng.choice(
        [(case, key) for key in ("instant", "channel", "policy", "debtor", "point")]
        + [(case["policy"], "channels")]
        + [(case["point"], key) for key in ("id", "kind", "status", "channels")]
    )
    del holder[key]


def lose_a_zone(rng: Random, case: Case) -> None:
    naive = rng.choice(["2026-11-21T13:00:00", "2026-11-21T13:00", "2026-11-21"])
    naive = rng.choice([naive, naive, naive, "2026-11-21T11:29:59.9999999Z"])  # or finer than can be read
    contact = {"at": naive, "channel": "sms", "outcome": "sent"}
    promise = {"date": "2026-11-21", "status": "open", "made_at": naive}
    spoilt = [
        ("contacts", contact),
        ("promises", promise),
        ("holds", {"kind": "dispute", "from": naive}),
    ]
    spoilt += [
        ("opt_outs", {"scope": "global", "until": naive}),
        ("consents", {"channel": "*", "from": naive}),
    ]
    if rng.random() < 0.3:
        case["instant"] = naive
    else:
        key, item = rng.choice(spoilt)
        case["debtor"][key] = [*(case["debtor"].get(key) or []), item]


def spoil_windows(rng: Random, case: Case) -> None:
    windows: Case = rng.choice(
        [
            {"funday": [["08:30", "21:00"]]},
            {"monday": []},
            {"mon": [["21:00", "08:30"]]},
            {"sun": [["09:00", "12:00"], ["10:00", "10:00"]]},
            {"tue": [["24:00", "24:00"]]},
            {"wed": [["08:30", "24:01"]]},
            {"thu": [["08:60", "21:00"]]},
            {"fri": [["08:30", "25:00"]]},
            {"sat": [["-1:00", "21:00"]]},
            {"sat": [["half past eight", "21:00"]]},
        ]
    )
    case["policy"]["windows"] = (case["policy"].get("windows") or {}) | windows


def promise_without_a_beginning(rng: Random, case: Case) -> None:
    promise = {"date": "2026-11-21", "status": "open"} | rng.choice([{}, {"made_at": None}])
    case["debtor"]["promises"] = [*(case["debtor"].get("promises") or []), promise]


def say_nonsense(rng: Random, case: Case) -> None:
    case[rng.choice(["policy", "debtor", "point", "instant"])] = rng.choice([7, "nonsense", [], None, True])


SPOILERS = [
    lose_a_key,
    lose_a_zone,
    spoil_windows,
    promise_without_a_beginning,
    say_nonsense,
]
