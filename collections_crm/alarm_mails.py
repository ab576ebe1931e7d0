"""Tells managers of alarms by e-mail: each once while it lasts, in their language, naming nobody."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from collections_crm import alarms, snapshot
from collections_crm.alarms import Alarm
from collections_crm.snapshot import Snapshot
from contacts.services import notices
from debtors.models import User

MAY_SEE = "contacts.view_attempt"
LONGEST_SUBJECT = 200


class _Reader(NamedTuple):
    """Somebody who is told. `name` is ours, for the row of his notice."""

    name: str
    email: str
    language: str


def tell(*, now: datetime, by_worker: bool = False) -> int:
    """Want an e-mail of the alarms that nobody was told of yet; return how many alarms that were.

    A worker that asks is alive itself: that no worker is, only somebody else can say.
    """
    if not settings.ALARMS_BY_EMAIL:
        return 0
    seen = snapshot.take(now=now)
    codes = [alarm.code for alarm in alarms.of(seen) if alarm.is_told]
    if by_worker:
        codes = [code for code in codes if code != alarms.NO_WORKER]
    with transaction.atomic():
        raised = notices.follow_alarms(codes, now=now)
        if raised:
            for reader in _readers():
                _tell(reader, seen, about=raised[0].pk, codes=[each.code for each in raised])
    return len(raised)


def managers_told() -> QuerySet[User]:
    """Return the colleagues who are told: who may see operations, and have an e-mail address."""
    may_see = User.objects.with_perm(MAY_SEE, backend="django.contrib.auth.backends.ModelBackend")
    return may_see.exclude(email="").order_by("pk")


def _readers() -> list[_Reader]:
    managers = [
        _Reader(f"user-{pk}", email, language)
        for pk, email, language in managers_told().values_list("pk", "email", "language")
    ]
    others = [_Reader(f"also-{number}", email, "") for number, email in enumerate(settings.ALARMS_ALSO_TO)]
    return managers + others


def _tell(reader: _Reader, seen: Snapshot, *, about: int, codes: Sequence[str]) -> None:
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        told = [alarm for alarm in alarms.of(seen) if alarm.code in codes]
        notices.tell(
            about=f"alarms:{about}:{reader.name}",
            to_email=reader.email,
            subject=_subject(told)[:LONGEST_SUBJECT],
            body=_body(told),
            now=seen.at,
        )


def _subject(told: Sequence[Alarm]) -> str:
    if len(told) == 1:
        return told[0].text
    return _("%(number)s things need somebody") % {"number": len(told)}


def _body(told: Sequence[Alarm]) -> str:
    """Return what is wrong, where to look, and that it is said once."""
    house = settings.PUBLIC_URL.rstrip("/")
    operations = house + reverse("operations")
    lines = [f"- {alarm.text}\n  {_address(alarm, house=house, operations=operations)}" for alarm in told]
    end = _("Each is said once, until it is over. How everything stands: %(link)s") % {"link": operations}
    return "\n".join([*lines, "", end])


def _address(alarm: Alarm, *, house: str, operations: str) -> str:
    return house + alarm.url if alarm.url.startswith("/") else operations + alarm.url
