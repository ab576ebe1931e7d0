"""manage.py may_i_contact DEBTOR: asks the gate about one person, and answers in words."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_crm.lib import phones, tax_ids
from contacts import queries, reasons
from contacts.queries import Gathered
from contacts.queries.asking import Asked, Verdict
from contacts.rules.facts_json import to_text
from contacts.services import findings
from contacts.vocabulary import Channel, FindingKind, Purpose
from debtors.models import ContactPoint, Creditor, Debtor
from debtors.vocabulary import Medium

ALLOWED, REFUSED, WRONG_ARGUMENTS = 0, 1, 2


class Line(NamedTuple):
    """One answer: about a channel and, where there is one for it, a contact point."""

    channel: Channel
    point: ContactPoint | None
    verdict: Verdict
    asked: Asked


class Command(BaseCommand):
    """Say of each channel and contact point: yes and until when, or no, why, and from when."""

    help = str(gettext_lazy("Says whether a debtor may be contacted now, or at a moment; why not, and when."))
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("debtor", help="number, CPF or CNPJ of the debtor")
        parser.add_argument("--channel", choices=Channel.values, help="every channel when left out")
        parser.add_argument("--point", help="number or e-mail; every one of the debtor's when left out")
        parser.add_argument("--at", help="an instant such as 2026-11-22T13:00:00Z; now when left out")
        parser.add_argument("--purpose", choices=Purpose.values, default=Purpose.COLLECTION.value)
        parser.add_argument("--creditor", help="name, brand, CNPJ or CPF: what is owed to this one only")
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of the words: pt-br or en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; exit with 0 when some contact asked about is allowed, 1 when none, 2 if asked wrong."""
        with translation.override(options["language"]):
            try:
                is_allowed = self._answer(**options)
            except DatabaseError as error:
                findings.try_to_note(FindingKind.DATABASE, error=error, now=timezone.now())
                self.stderr.write(
                    _("No: what must be known cannot be read (%(why)s).") % {"why": _first_line(error)}
                )
                is_allowed = False
        sys.exit(ALLOWED if is_allowed else REFUSED)

    def _answer(
        self,
        *,
        debtor: str,
        channel: str | None,
        point: str | None,
        at: str | None,
        purpose: str,
        creditor: str | None,
        **options: Any,
    ) -> bool:
        now = _instant(at)
        person = _debtor(debtor)
        owed_to = _creditor(creditor).pk if creditor else None
        known = queries.gather_or_doubt([person], now=now)
        channels = [Channel(channel)] if channel else list(Channel)
        asked = {
            each: known.asked(person.pk, channel=each.value, purpose=purpose, creditor_id=owed_to)
            for each in channels
        }
        if known.doubt:
            findings.try_to_note(FindingKind.DATABASE, error=known.doubt, now=timezone.now())
        lines = list(_lines(known, asked=asked, point=point, debtor=person))
        for line in lines:
            findings.note_decision(line.verdict.decision, now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(person, lines, now=now), ensure_ascii=False))
        else:
            self._tell(person, lines, now=now)
        return any(line.verdict.is_allowed for line in lines)

    def _tell(self, debtor: Debtor, lines: Sequence[Line], *, now: datetime) -> None:
        zones = lines[0].asked.person.time_zones
        moment = reasons.in_both_clocks(now, zones=zones)
        self.stdout.write(_("Debtor %(number)s, %(moment)s") % {"number": debtor.pk, "moment": moment})
        for line in lines:
            answer = reasons.answer(line.verdict, asked=line.asked)
            self.stdout.write(f"{_name(line)}: {answer.text}")
            for reason in answer.reasons:
                self.stdout.write(f"    {reason.text} — {reason.basis}")


def _lines(
    known: Gathered, *, asked: dict[Channel, Asked], point: str | None, debtor: Debtor
) -> Iterable[Line]:
    """Yield an answer for each channel and fitting point; one about the person where no point fits."""
    wanted = None if point is None else _point(point, among=known.points[debtor.pk])
    for channel, each in asked.items():
        if wanted is not None:
            yield Line(channel, wanted, each.verdict(wanted), each)
            continue
        for fitting in each.points:
            yield Line(channel, fitting, each.verdict(fitting), each)
        if not each.points:
            yield Line(channel, None, each.best, each)


def _name(line: Line) -> str:
    channel = str(line.channel.label)
    name = channel[:1].upper() + channel[1:]
    return f"{name}, {_shown(line.point)}" if line.point else name


def _shown(point: ContactPoint) -> str:
    return phones.format_national(point.value) if point.medium == Medium.PHONE else point.value


def _as_json(debtor: Debtor, lines: Sequence[Line], *, now: datetime) -> dict[str, Any]:
    return {
        "debtor": debtor.pk,
        "at": to_text(now),
        "allowed": any(line.verdict.is_allowed for line in lines),
        "answers": [
            {
                "channel": line.channel.value,
                "point": line.point.pk if line.point else None,
                "allowed": line.verdict.is_allowed,
                "reasons": list(line.verdict.reasons),
                "next_allowed": to_text(line.verdict.next_allowed) if line.verdict.next_allowed else None,
                "words": reasons.answer(line.verdict, asked=line.asked).text,
                "basis": [
                    {"code": code, "text": reason.text, "basis": reason.basis}
                    for code, reason in zip(
                        line.verdict.reasons, reasons.explain_all(line.verdict.reasons), strict=True
                    )
                ],
            }
            for line in lines
        ],
    }


def _debtor(text: str) -> Debtor:
    """Return the debtor of that CPF, CNPJ or number of ours."""
    rows = Debtor.objects.filter(tax_id=tax_ids.parse(text).number) if tax_ids.is_valid(text) else None
    if rows is None and text.isascii() and text.isdigit() and len(text) < 10:
        rows = Debtor.objects.filter(pk=int(text))
    found = rows.first() if rows is not None else None
    if found is None:
        raise CommandError(_("There is no debtor “%(text)s”.") % {"text": text}, returncode=WRONG_ARGUMENTS)
    return found


def _point(text: str, *, among: Iterable[ContactPoint]) -> ContactPoint:
    """Return the debtor's point of that number, however it is written, or e-mail."""
    try:
        value = phones.parse(text).e164
    except phones.PhoneError:
        value = text.strip().lower()
    for point in among:
        if value in (point.value, point.value.lower()):
            return point
    complaint = _("The debtor has no number or address “%(text)s”.") % {"text": text}
    raise CommandError(complaint, returncode=WRONG_ARGUMENTS)


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        complaint = _("“%(text)s” is no instant with a zone, such as 2026-11-22T13:00:00Z.")
        raise CommandError(complaint % {"text": text}, returncode=WRONG_ARGUMENTS)
    return moment


def _creditor(text: str) -> Creditor:
    """Return the creditor of that CNPJ, CPF, legal name or brand."""
    number = tax_ids.parse(text).number if tax_ids.is_valid(text) else text
    found = list(Creditor.objects.filter(Q(tax_id=number) | Q(name__iexact=text) | Q(brand__iexact=text))[:2])
    if len(found) != 1:
        complaint = _("There is no one creditor “%(text)s”.") % {"text": text}
        raise CommandError(complaint, returncode=WRONG_ARGUMENTS)
    return found[0]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
