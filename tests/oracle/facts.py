"""Makes the parts of a random case with facts about the debtor and the point: rough parts lie on edges."""

from datetime import date, timedelta
from random import Random
from typing import Any

from .scenes import MICROSECOND, UNLOADABLE, Scene, interval, text_of

CHANNELS = ["sms", "whatsapp", "voice", "email", "letter"]
FIVE_HOLDS = ["dispute", "bankruptcy", "deceased", "legal", "complaint"]
OTHER_HOLDS = ["fraud", "Dispute", "vulnerable_person"]
PURPOSES = ["collection", "reminder", "agreed", "thank_you", "reply", "service", "test"]

Case = dict[str, Any]


def switches(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy, channel = case["policy"], case["channel"]
    policy["paused"] = rough and rng.random() < 0.4
    policy["channels"] = sorted({channel, *rng.sample(CHANNELS, rng.randrange(4))})
    if rough and rng.random() < 0.6:
        policy["channels"] = [c for c in [*CHANNELS, "pigeon"] if c != channel and rng.random() < 0.6]


def zones(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    """Put the names into the point, the debtor, both or the fallback; a rough case may lack or spoil them."""
    names = list(scene.names)
    spoilt = rng.choice(["none", "unloadable", "spoilt fallback", "", "", ""]) if rough else ""
    if spoilt == "none":
        names = []
    if spoilt == "unloadable":
        names.insert(rng.randrange(len(names) + 1), rng.choice(UNLOADABLE))
        names = names[-1:] if rng.random() < 0.2 else names
    cut = rng.randrange(len(names) + 1)
    case["point"]["time_zones"], case["debtor"]["time_zones"] = names[:cut], names[cut:]
    if rng.random() < 0.2:
        case["debtor"]["time_zones"] = names[cut:] + names[:cut]
    fallback = rng.choice([[], [], ["America/Noronha", "America/Rio_Branco"], ["Pacific/Kiritimati"]])
    if spoilt == "spoilt fallback":
        fallback = [rng.choice(UNLOADABLE)]
    if spoilt != "none" and rng.random() < 0.15:
        case["point"]["time_zones"], case["debtor"]["time_zones"], fallback = (
            [],
            [],
            names,
        )
    case["policy"]["fallback_time_zones"] = fallback


def hours(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy = case["policy"]
    policy["windows"] = scene.windows
    policy["window_end_inclusive"] = scene.end_inclusive
    policy["hours_exempt_channels"] = rng.choice([[], [], [], rng.sample(CHANNELS, 2)])
    if rough and rng.random() < 0.05:
        policy["windows"] = rng.choice([{}, {"mon": [], "sun": []}])


def birthday(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy, today = case["policy"], scene.today
    policy["block_birthday"] = rng.random() < (0.85 if rough else 0.5)
    policy["feb29"] = rng.choice(["both", "both", "feb28", "mar1"])
    policy["dates_exempt_channels"] = rng.choice([[], [], [], [], rng.sample(CHANNELS, 2)])
    born = None
    if rough:
        born = on_year(
            today + timedelta(days=rng.choice([-1, 0, 0, 0, 1])),
            rng.randrange(1940, 1994),
        )
        if (today.month, today.day) in [
            (2, 28),
            (2, 29),
            (3, 1),
        ] and rng.random() < 0.7:
            born = date(rng.choice([1952, 1984, 1992]), 2, 29)
    elif rng.random() < 0.7:
        born = on_year(today + timedelta(days=rng.randrange(60, 300)), rng.randrange(1940, 1990))
    case["debtor"]["birth_date"] = born and born.isoformat()


def on_year(day: date, year: int) -> date:
    """Return the same day of another year, 28 for 29 February in common years."""
    if (day.month, day.day) == (2, 29) and year % 4:
        return date(year, 2, 28)
    return day.replace(year=year)


def minority(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    """Let the debtor come of age about today, on 29 February where that is near; or have no birth date."""
    policy, today = case["policy"], scene.today
    policy["minor_age"] = 18
    if not rough:
        policy["require_birth_date"] = rng.random() < 0.3 and case["debtor"]["birth_date"] is not None
        return
    policy["require_birth_date"] = rng.random() < 0.5
    policy["minor_age"] = rng.choice([18, 18, 18, 18, 16, 21, 60, 0, None])
    if rng.random() < 0.25:
        case["debtor"]["birth_date"] = None
        return
    year = today.year - (rng.choice([18, 60]) if policy["minor_age"] is None else policy["minor_age"])
    born = on_year(today + timedelta(days=rng.choice([-1, 0, 0, 0, 1, 1, 30])), year)
    if today.month in (2, 3) and rng.random() < 0.6:
        born = date(year - year % 4 + (year % 100 == 0 and year % 400 != 0) * 4, 2, 29)
        policy["minor_age"] = today.year - born.year
    case["debtor"]["birth_date"] = born.isoformat()
    policy["block_birthday"] = rng.random() < 0.3


def holidays(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    far = [(scene.today + timedelta(days=rng.randrange(30, 300))).isoformat() for _ in range(3)]
    lists = [far[:1], far[1:2], far[2:]]
    if rough:
        near = (scene.today + timedelta(days=rng.choice([-1, 0, 0, 0, 1]))).isoformat()
        lists[rng.randrange(3)].append(near)
    case["policy"]["holidays"] = lists[0] if rng.random() < 0.8 else []
    case["policy"]["yearly_holidays"] = [day[5:] for day in lists[1]] if rng.random() < 0.8 else []
    case["debtor"]["holidays"] = lists[2] if rng.random() < 0.8 else []


def point(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    point, policy = case["point"], case["policy"]
    point |= {"id": rng.choice(["p1", "p2"]), "kind": "own", "status": "valid"}
    point["channels"] = sorted({case["channel"], *rng.sample(CHANNELS, rng.randrange(3))})
    for block in ("block_workplace", "block_third_party", "block_unverified"):
        policy[block] = rng.random() < 0.7
    if rough:
        point["kind"] = rng.choice(["own", "workplace", "workplace", "third_party", "third_party", "cousin"])
        point["status"] = rng.choice(["valid", "valid", "unverified", "unverified", "invalid", "dubious"])
        if rng.random() < 0.3:
            point["channels"] = [c for c in CHANNELS if c != case["channel"] and rng.random() < 0.5]


def opt_outs(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    made = []
    for _ in range(rng.choice([1, 1, 2, 3]) if rough else rng.choice([0, 0, 1, 2])):
        scope = rng.choice(["global", "channel", "channel", "point", "point"])
        opt_out = {"scope": scope} | interval(rng, scene.t, rough=rough)
        if scope == "channel" or rng.random() < 0.1:
            opt_out["channel"] = rng.choice([case["channel"], case["channel"], *CHANNELS, "*", None])
        if scope == "point" or rng.random() < 0.1:
            opt_out["point_id"] = rng.choice([case["point"]["id"], case["point"]["id"], "p1", "p2", None])
        made.append(opt_out)
    case["debtor"]["opt_outs"] = made


def consents(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    channel, made = case["channel"], []
    required = rng.choice([["whatsapp"], ["whatsapp"], [], rng.sample(CHANNELS, 2)])
    if rough:
        required = sorted({*required, channel}) if rng.random() < 0.8 else required
        for _ in range(rng.choice([0, 1, 1, 2])):
            about = rng.choice([channel, channel, "*", *CHANNELS])
            made.append({"channel": about} | interval(rng, scene.t, rough=True))
    elif channel in required:
        made.append({"channel": rng.choice([channel, "*"]), "from": None})
    case["policy"]["consent_required"], case["debtor"]["consents"] = required, made


def holds(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    made, blocking = (
        [],
        rng.choice(
            [
                FIVE_HOLDS,
                FIVE_HOLDS,
                FIVE_HOLDS[:2],
                [*FIVE_HOLDS, "fraud", "Dispute"],
                [],
            ]
        ),
    )
    for _ in range(rng.choice([1, 1, 1, 2, 3]) if rough else rng.choice([0, 0, 1])):
        made.append({"kind": rng.choice([*FIVE_HOLDS, *OTHER_HOLDS])} | interval(rng, scene.t, rough=rough))
    case["policy"]["holds_blocking"], case["debtor"]["holds"] = list(blocking), made


def promises(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy, made = case["policy"], []
    grace = policy["promise_grace_days"] = rng.choice([-1, 0, 0, 0, 1, 1, 2, 5])
    policy["promise_grace"] = rng.random() < 0.85
    case["purpose"] = rng.choice([*PURPOSES, "collection", "collection", "collection", None])
    exempt = rng.sample(PURPOSES, 2) if rng.random() < 0.3 else []
    policy["promise_exempt_purposes"] = exempt
    for _ in range(rng.choice([1, 1, 2, 3]) if rough else rng.choice([0, 0, 1, 2])):
        on = scene.today - timedelta(days=grace) + timedelta(days=rng.choice([-1, -1, 0, 0, 0, 1, 1, 9]))
        status = rng.choice(["open", "open", "open", "open", "kept", "broken", "cancelled"])
        made_at = scene.t - rng.choice([MICROSECOND * 0, MICROSECOND, -MICROSECOND, timedelta(days=3)])
        if not rough:
            status = rng.choice(["kept", "broken", "cancelled"])
        promise = {
            "date": on.isoformat(),
            "status": status,
            "made_at": text_of(made_at),
        }
        if status != "open" and rng.random() < 0.3:
            del promise["made_at"]
        made.append(promise)
    case["debtor"]["promises"] = made


def speaking(rng: Random, scene: Scene, case: Case, *, rough: bool) -> None:
    policy = case["policy"]
    case["action"] = rng.choice(["start", "start", "start", None, "begin"])
    case["answered_by"] = rng.choice([None, None, "human", "machine", "unknown", "fax"])
    policy["never_leave_voicemail"] = rng.random() < 0.8
    policy["unknown_answer_is_machine"] = rng.random() < 0.7
    if rough:
        case["action"] = "speak" if rng.random() < 0.6 else case["action"]
