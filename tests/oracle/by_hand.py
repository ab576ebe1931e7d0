"""Builds the cases that are judged by hand, each from one that is allowed as it stands."""

from typing import Any

ALL = ["sms", "whatsapp", "voice", "email", "letter"]
SAO_PAULO, NORONHA, RIO_BRANCO = "America/Sao_Paulo", "America/Noronha", "America/Rio_Branco"  # UTC-3, -2, -5
TUESDAY_10AM = "2026-11-24T13:00:00Z"  # in Sao Paulo
OFFICE_HOURS = {day: [["08:30", "21:00"]] for day in ["mon", "tue", "wed", "thu", "fri", "sat"]}
ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
CLOSED = ["OUTSIDE_HOURS"]

Case = dict[str, Any]
HandMade = list[tuple[str, Case, list[str]]]  # what it shows, the case, the reasons by hand


def make_case(
    instant: str = TUESDAY_10AM,
    *,
    policy: Case | None = None,
    debtor: Case | None = None,
    point: Case | None = None,
    zones: tuple[str, ...] = (SAO_PAULO,),
    **top: Any,
) -> Case:
    """Return a case that is allowed as it stands: on a Tuesday at ten, to the debtor's own mobile."""
    return {
        "id": "by hand",
        "instant": instant,
        "channel": "sms",
        "policy": {"channels": ALL, "windows": OFFICE_HOURS} | (policy or {}),
        "debtor": debtor or {},
        "point": {"id": "p1", "kind": "own", "status": "valid", "channels": ALL, "time_zones": list(zones)}
        | (point or {}),
    } | top


def contact(at: str, channel: str = "sms", outcome: str = "sent") -> Case:
    return {"at": at, "channel": channel, "outcome": outcome}


def promise(on: str, status: str = "open", made_at: str = "2026-11-01T12:00:00Z") -> Case:
    return {"date": on, "status": status, "made_at": made_at}


def around(instant: str, windows: list[list[str]], day: str, **policy: Any) -> Case:
    """Return a case with these windows on one day only."""
    return make_case(instant, policy={"windows": {day: windows}} | policy)


def born(birth_date: str, instant: str = TUESDAY_10AM, **policy: Any) -> Case:
    return make_case(instant, debtor={"birth_date": birth_date}, policy={"windows": ROUND_THE_CLOCK} | policy)


def opted_out(**opt_out: Any) -> Case:
    return make_case(debtor={"opt_outs": [opt_out]})


def held(kind: str, **rest: Any) -> Case:
    return make_case(debtor={"holds": [{"kind": kind} | rest]})


def by_whatsapp(consent: Case | None = None, **policy: Any) -> Case:
    return make_case(channel="whatsapp", debtor={"consents": [consent] if consent else None}, policy=policy)


def promised(*promises: Case, purpose: str | None = None, **policy: Any) -> Case:
    return make_case(debtor={"promises": list(promises)}, policy=policy, purpose=purpose)


def counted(*contacts: Case, total: Case | None = None, sms: Case | None = None, **policy: Any) -> Case:
    caps = {"total": total, "channels": {"sms": sms}}
    return make_case(debtor={"contacts": list(contacts)}, policy={"caps": caps} | policy)


def answered(by: str | None, channel: str = "voice", **policy: Any) -> Case:
    return make_case(channel=channel, action="speak", answered_by=by, policy=policy)
