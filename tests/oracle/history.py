"""Makes the past contacts of a random case and the caps and the cool-off they are counted against."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from .facts import CHANNELS
from .literal_rules import SEVEN_OUTCOMES
from .scenes import MICROSECOND, Scene, start_of_day, text_of

UNCOUNTED_OUTCOMES = ["failed", "blocked", "inbound", "busy"]
GAPS = [
    60,
    60,
    1,
    0,
    0.5,
    0.1,
    7.3,
    90.25,
    1 / 3,
    1440,
    0.00000833,
    59.999999999,
    100_000,
]
HOURS = [48, 48, 24, 0.5, 1.1, 0, 1 / 3, 2.7182818284, 0.00000125, 12]

Case = dict[str, Any]


def cooldown(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    """A conversation exactly as long ago as the cool-off lasts, or a microsecond beside, or yet to come."""
    hours = rng.choice(HOURS)
    case["policy"]["conversation_cooldown_hours"] = hours if rng.random() < (0.9 if rough else 0.4) else None
    for _ in range(rng.choice([1, 1, 2]) if rough else 0):
        ago = rng.choice(
            [
                timedelta(hours=hours),
                timedelta(hours=hours),
                timedelta(0),
                timedelta(hours=hours) / 2,
            ]
        )
        outcome = rng.choice([*["conversation"] * 4, "voicemail", "inbound"])
        add(
            case,
            scene.t - ago + MICROSECOND * rng.choice([-1, 0, 0, 1]),
            rng.choice(CHANNELS),
            outcome,
        )


def caps(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy = case["policy"]
    policy["week_mode"] = rng.choice(["rolling", "local_dates"])
    policy["counted_outcomes"] = list(SEVEN_OUTCOMES)
    if not rough:
        policy["caps"] = rng.choice([None, {}, calm_caps(rng, case)])
        add(
            case,
            scene.t - timedelta(days=rng.randrange(9, 60)),
            rng.choice(CHANNELS),
            "delivered",
        )
        return
    if rng.random() < 0.3:
        pool = [*SEVEN_OUTCOMES, *UNCOUNTED_OUTCOMES]
        policy["counted_outcomes"] = rng.choice([None, [], ["sent"], rng.sample(pool, 5)])
    policy["caps"] = rough_caps(rng, case)
    if rng.random() < 0.5:
        number_caps(rng, scene, case)
    gap = (rng.choice([policy["caps"].get("total"), channel_cap(case)]) or {}).get("gap_minutes")
    for _ in range(rng.choice([0, 1, 2, 2, 3, 5])):
        channel = rng.choice([case["channel"], case["channel"], *CHANNELS])
        outcome = rng.choice([*SEVEN_OUTCOMES, *SEVEN_OUTCOMES, *UNCOUNTED_OUTCOMES])
        add(case, edge_of_counting(rng, scene, gap), channel, outcome)


def calm_caps(rng: Random, case: Case) -> Case:
    cap = {
        "per_day": rng.choice([None, 1, 2]),
        "per_7_days": rng.choice([None, 1, 4]),
        "gap_minutes": None,
    }
    return {"total": rng.choice([None, cap]), "channels": {case["channel"]: cap}}


def rough_caps(rng: Random, case: Case) -> Case:
    """Caps of which often only one number is set, so that it alone decides."""
    others = {"per_day": 0, "per_7_days": 0, "gap_minutes": 10_000}
    made: Case = {
        "total": None,
        "channels": {channel: rng.choice([None, others]) for channel in CHANNELS},
    }
    made["channels"].pop(case["channel"], None)
    for _ in range(rng.choice([1, 1, 2, 4])):
        number: dict[str, float] = {
            "per_day": rng.choice([0, 1, 1, 2, 3]),
            "per_7_days": rng.choice([0, 1, 1, 2, 3, 4]),
            "gap_minutes": rng.choice(GAPS),
        }
        which = rng.choice(list(number))
        if rng.random() < 0.5:
            made["total"] = (made["total"] or {}) | {which: number[which]}
        else:
            cap = made["channels"].get(case["channel"])
            made["channels"][case["channel"]] = (cap or {}) | {which: number[which]}
    for cap in (made["total"], made["channels"].get(case["channel"])):
        for key in ("per_day", "per_7_days", "gap_minutes"):
            if cap is not None and rng.random() < 0.3:
                cap.setdefault(key, None)
    if case["channel"] not in made["channels"] and rng.random() < 0.3:
        made["channels"] = None
    if made["total"] is None and rng.random() < 0.3:
        del made["total"]
    return made


def number_caps(rng: Random, scene: Scene, case: Case) -> None:
    """A cap on the number itself, and contacts there with whoever shares it; now and then only these."""
    cap: Case = {
        "per_day": rng.choice([None, 0, 1, 2]),
        "per_7_days": rng.choice([None, 0, 1, 2, 3]),
        "gap_minutes": rng.choice([None, None, *GAPS]),
    }
    if rng.random() < 0.9:
        case["policy"]["caps"]["point"] = rng.choice([cap, cap, cap, None])
    case["point"]["contacts"] = [
        {
            "at": text_of(edge_of_counting(rng, scene, cap["gap_minutes"])),
            "channel": rng.choice(CHANNELS),
            "outcome": rng.choice([*SEVEN_OUTCOMES, *UNCOUNTED_OUTCOMES]),
        }
        for _ in range(rng.randrange(4))
    ]


def channel_cap(case: Case) -> Case | None:
    return (case["policy"]["caps"]["channels"] or {}).get(case["channel"])


def edge_of_counting(rng: Random, scene: Scene, gap: float | None) -> datetime:
    """Return an instant at which counting begins or ends: of the gap, the local day, the week, or t."""
    zone, t = rng.choice(scene.zones), scene.t
    today = t.astimezone(zone).date()
    edge = rng.choice(
        [
            t,
            t - timedelta(minutes=rng.choice(GAPS) if gap is None else gap),
            start_of_day(today, zone),
            start_of_day(today, zone),
            t - timedelta(hours=168),
            start_of_day(today - timedelta(days=6), zone),
            t - timedelta(minutes=rng.randrange(12_000)),
        ]
    )
    return edge + MICROSECOND * rng.choice([0, 0, -1, 1])


def add(case: Case, at: datetime, channel: str, outcome: str) -> None:
    case["debtor"].setdefault("contacts", []).append(
        {"at": text_of(at), "channel": channel, "outcome": outcome}
    )
