"""Makes the setting of a random case: the moment, the zones, the windows around it, biased to edges."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from .reading import WEEKDAYS, load_zone, read_time_of_day

MICROSECOND = timedelta(microseconds=1)

BRAZIL = [  # UTC-3, -4, -5, -2; the middle ones had summer time until February 2019
    "America/Sao_Paulo",
    "America/Bahia",
    "America/Fortaleza",
    "America/Manaus",
    "America/Porto_Velho",
    "America/Rio_Branco",
    "America/Noronha",
    "America/Cuiaba",
    "America/Campo_Grande",
]
TURNS = {  # local dates around which the clocks were turned, or a whole date was left out
    "America/Sao_Paulo": [
        "2017-02-18",
        "2017-10-15",
        "2018-02-17",
        "2018-11-04",
        "2019-02-16",
    ],
    "America/Cuiaba": ["2017-10-15", "2018-02-17", "2018-11-04", "2019-02-16"],
    "America/New_York": [
        "2017-11-05",
        "2018-03-11",
        "2018-11-04",
        "2019-03-10",
        "2026-11-01",
    ],
    "Australia/Lord_Howe": ["2017-10-01", "2018-04-01", "2018-10-07", "2019-04-07"],
    "America/St_Johns": ["2010-03-14", "2010-11-06", "2010-11-07"],
    "America/Havana": ["2018-11-04", "2019-03-10"],
    "Pacific/Apia": ["2011-12-29", "2011-12-31"],
}
FAR_AWAY = [
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Europe/Dublin",
    "Etc/GMT+3",
]
CHANGED_LATELY = {  # zones in which the packaged data and an older system's data disagree
    "America/Vancouver": ["2026-11-20", "2026-12-24"],
    "Africa/Casablanca": ["2026-10-01", "2026-12-25"],
    "Europe/Chisinau": ["2023-03-26", "2024-10-27"],
}
UNLOADABLE = [
    "Mars/Olympus_Mons",
    "America/Sao_Paolo",
    "America",
    "Brasilia",
    "-03:00",
    "",
    "posix/America/Sao_Paulo",
    "right/America/Sao_Paulo",
    "../zoneinfo/UTC",
    "/usr/share/zoneinfo/UTC",
    "zone.tab",
]
LOOKED_AT_DATES = [
    *(
        "2019-02-28",
        "2019-03-01",
        "2020-02-28",
        "2020-02-29",
        "2020-03-01",
        "2023-02-28",
        "2023-03-01",
    ),
    *(
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2026-02-28",
        "2026-03-01",
        "2028-02-29",
        "2100-02-28",
    ),
    *(
        "2018-12-25",
        "2018-12-31",
        "2019-01-01",
        "2026-12-24",
        "2026-12-25",
        "2026-12-31",
        "2027-01-01",
    ),
]
DAYS_OF_WINDOWS: list[list[list[str]]] = [
    [["08:30", "21:00"]],
    [["08:30", "21:00"]],
    [["8:30", "21:00"]],
    [["09:00", "12:00"], ["13:30", "18:00"]],
    [["13:00", "18:00"], ["08:00", "12:30"]],
    [["08:00", "12:00"], ["12:00", "18:00"]],
    [["08:00", "14:00"], ["10:00", "18:00"]],
    [["00:00", "24:00"]],
    [["22:00", "24:00"]],
    [["0:00", "2:0"]],
    [["00:00", "01:00"], ["23:00", "24:00"]],
    [["10:07", "10:08"]],
    [["23:59", "24:00"]],
]
DAYS_AROUND_TURNS: list[list[list[str]]] = [
    [["00:30", "01:30"]],
    [["01:00", "03:00"]],
    [["02:00", "02:30"]],
    [["02:15", "02:45"]],
    [["23:15", "23:45"]],
    [["23:00", "24:00"]],
    [["00:00", "01:00"]],
]


@dataclass
class Scene:
    """What the other parts of a case are built around."""

    t: datetime
    names: list[str]
    zones: list[ZoneInfo]
    today: date  # in the first zone
    windows: dict[str, list[list[str]]]
    end_inclusive: bool


def text_of(moment: datetime) -> str:
    """Return the instant as the interface writes it, with as few digits of the second as it needs."""
    text = moment.astimezone(UTC).isoformat().replace("+00:00", "")
    return (text.rstrip("0") if "." in text else text) + "Z"


def nudge(rng: Random) -> timedelta:
    """Return a distance at which an edge shows: most often none or a microsecond."""
    return MICROSECOND * rng.choice([0, 0, 0, -1, -1, 1, 1, -1_000_000, 1_000_000, -60_000_000])


def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local date as UTC, also where its midnight does not exist."""
    return datetime.combine(on, time.min, tzinfo=zone).astimezone(UTC)


def make_scene(rng: Random, *, rough_zones: bool, rough_hours: bool) -> Scene:
    names, on = choose_zones(rng, several=rough_zones or rng.random() < 0.2)
    zones = [zone for name in names if (zone := load_zone(name)) is not None]
    windows = choose_windows(rng, around_turns=rng.random() < 0.3)
    end_inclusive = rng.random() < 0.3
    t = choose_instant(rng, on, rng.choice(zones), windows, on_the_edge=rough_hours)
    if not rough_hours:
        open_around(t, zones, windows)
    return Scene(t, names, zones, t.astimezone(zones[0]).date(), windows, end_inclusive)


def choose_zones(rng: Random, *, several: bool) -> tuple[list[str], date]:
    """Return zone names, all loadable, and a local date that is worth looking at."""
    kind = rng.random()
    table = TURNS if kind < 0.35 else CHANGED_LATELY if kind < 0.38 else None
    if table is not None:
        name = rng.choice(list(table))
        on = date.fromisoformat(rng.choice(table[name])) + timedelta(days=rng.choice([-1, 0, 0, 0, 0, 1, 6]))
    else:
        name = rng.choice(BRAZIL if rng.random() < 0.9 else FAR_AWAY)
        on = date(2016, 1, 1) + timedelta(days=rng.randrange(4600))
        if rng.random() < 0.45:
            on = date.fromisoformat(rng.choice(LOOKED_AT_DATES))
    names = [name]
    if several:
        names += rng.choices([*BRAZIL, *BRAZIL, *TURNS, *FAR_AWAY], k=rng.choice([1, 1, 2, 3]))
    return names, on


def choose_windows(rng: Random, *, around_turns: bool) -> dict[str, list[list[str]]]:
    pool = DAYS_OF_WINDOWS + (DAYS_AROUND_TURNS * 3 if around_turns else [])
    if rng.random() < 0.3:
        week = {day: [["08:30", "21:00"]] for day in WEEKDAYS[:6]}
        return week | ({"sun": []} if rng.random() < 0.5 else {})
    if rng.random() < 0.4:
        same = rng.choice(pool)
        return {day: [list(window) for window in same] for day in WEEKDAYS}
    days = [day for day in WEEKDAYS if rng.random() < 0.85]
    return {day: [list(w) for w in rng.choice([*pool, []])] for day in days}


def choose_instant(
    rng: Random,
    on: date,
    zone: ZoneInfo,
    windows: dict[str, list[list[str]]],
    *,
    on_the_edge: bool,
) -> datetime:
    """Return an instant of about that local date, perhaps exactly on, or a breath beside, an edge."""
    of_the_day = windows.get(WEEKDAYS[on.weekday()]) or [["00:00", "24:00"]]
    start, end = (read_time_of_day(edge) for edge in rng.choice(of_the_day))
    if on_the_edge:
        wall = rng.choice([start, end, end, timedelta(0), timedelta(days=1)]) + nudge(rng)
    elif rng.random() < 0.3:
        wall = timedelta(minutes=rng.randrange(1440))
    else:
        wall = start + (end - start) * rng.random()
    local = datetime.combine(on, time.min) + wall
    return local.replace(tzinfo=zone, fold=rng.randrange(2)).astimezone(UTC)


def open_around(t: datetime, zones: list[ZoneInfo], windows: dict[str, list[list[str]]]) -> None:
    """Add windows so that t is inside in every zone, for cases about something else."""
    for zone in zones:
        local = t.astimezone(zone)
        start, end = f"{local.hour:02}:00", f"{local.hour + 1:02}:00"
        windows.setdefault(WEEKDAYS[local.weekday()], []).append([start, end])


def interval(rng: Random, t: datetime, *, rough: bool) -> dict[str, Any]:
    """Return "from" and "until"; a rough one has a bound exactly at, or a microsecond beside, t."""
    past, future = (
        t - timedelta(days=rng.randrange(1, 400)),
        t + timedelta(hours=rng.randrange(1, 400)),
    )
    if not rough:
        bounds = rng.choice([(past - timedelta(days=3), past), (None, past), (future, None)])
    else:
        beside = [t, t, t - MICROSECOND, t + MICROSECOND]
        bounds = (
            rng.choice([None, past, *beside]),
            rng.choice([None, None, future, *beside]),
        )
    given = {"from": bounds[0], "until": bounds[1]}
    return {
        key: None if bound is None else text_of(bound)
        for key, bound in given.items()
        if bound is not None or rng.random() < 0.5
    }
