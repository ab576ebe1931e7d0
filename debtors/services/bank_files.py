"""Return files of banks in two steps: look and report, then book part by part, as often as it takes."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime

from django.db.models import Count, Sum
from django.utils import timezone

from debtors.models import BankFile, Creditor, ReceivingAccount, User
from debtors.rules import bank_slips, cnab_files
from debtors.rules.bank_slips import Account
from debtors.rules.cnab import Movement, ReturnFile
from debtors.services import arrivals, request_codes
from debtors.services.arrivals import Told
from debtors.services.reading_xlsx import MAX_BYTES, UnreadableFileError
from debtors.vocabulary import ArrivalState, ImportState, PaymentMethod, PaymentSource

PART = 100  # movements in one transaction
AT_ONCE = 500  # movements booked while somebody waits
KEPT = 1_000  # errors


class NotBookableError(Exception):
    """The file was booked or put away before, or it did not arrive whole."""


def look(
    content: bytes, *, file_name: str, creditor: Creditor, created_by: User | None, now: datetime
) -> BankFile:
    """Return a run that says what the file would change and what is wrong with it; books nothing.

    A file that did not arrive whole (cut off, altered, of an unknown bank) is refused at once.

    Raises UnreadableFileError when it is too large.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("file_too_large", most=str(MAX_BYTES // 2**20))
    told = cnab_files.parse(content)
    fates = preview(told, creditor=creditor, on=timezone.localdate(now))
    is_useful = told.is_whole and bool(told.movements)
    return BankFile.objects.create(
        creditor=creditor,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content if is_useful else None,
        bank=told.bank[:3],
        state=ImportState.CHECKED if is_useful else ImportState.REFUSED,
        counts=_counts(told, fates=fates),
        errors=_errors(told),
        created_by=created_by,
        created_at=now,
    )


def preview(told: ReturnFile, *, creditor: Creditor, on: date) -> Counter[str]:
    """Return how many movements of money would have which fate, and what they add up to (`…_cents`)."""
    fates: Counter[str] = Counter()
    for seen in arrivals.look_up(list(_money(told, creditor=creditor)), creditor=creditor, on=on):
        fates[seen.fate] += 1
        fates[f"{seen.fate}_cents"] += seen.told.amount_cents
    return fates


def is_large(file: BankFile) -> bool:
    """Return whether booking it takes longer than somebody waits at a page."""
    return int(file.counts.get("movements", 0)) > AT_ONCE


def ask(file: BankFile, *, now: datetime) -> None:
    """Have a file that was looked at booked by a worker. Raises NotBookableError."""
    asked = BankFile.objects.filter(pk=file.pk, state=ImportState.CHECKED)
    if not asked.update(state=ImportState.RUNNING, finished_at=None):
        raise NotBookableError(str(file.pk))


def book_asked(*, now: datetime) -> int:
    """Book the files that wait for a worker, those a worker was killed at too; return how many."""
    files = list(BankFile.objects.filter(state=ImportState.RUNNING).order_by("pk"))
    for file in files:
        book(file, now=now)
    return len(files)


def book(file: BankFile, *, now: datetime) -> BankFile:
    """Book a file that was looked at; each part of it is whole or not there; broken off, it goes on.

    Two who book it at once book it once. Raises NotBookableError.
    """
    if file.state not in (ImportState.CHECKED, ImportState.RUNNING) or file.content is None:
        raise NotBookableError(str(file.pk))
    told = cnab_files.parse(bytes(file.content))
    if not told.is_whole:
        raise NotBookableError(str(file.pk))
    known = 0
    money = list(_money(told, creditor=file.creditor))
    for start in range(0, len(money), PART):
        part = money[start : start + PART]
        fates = arrivals.take_in(part, creditor=file.creditor, file=file, now=now)
        known += fates[arrivals.KNOWN]
    file.counts |= _booked(file) | {"known": known}
    file.state, file.content, file.finished_at = ImportState.DONE, None, now
    file.save()
    return file


def put_away(file: BankFile, *, now: datetime) -> None:
    """Refuse a file that was looked at; its content is forgotten. What was booked of it stays."""
    BankFile.objects.filter(pk=file.pk, state=ImportState.CHECKED).update(
        state=ImportState.REFUSED, content=None, finished_at=now
    )


def _money(told: ReturnFile, *, creditor: Creditor) -> Iterator[Told]:
    """Return the movements that tell of money, in the words of arrivals."""
    row = ReceivingAccount.objects.filter(creditor=creditor).first()
    account = request_codes.slip_account(row) if row else None
    for each in told.movements:
        if each.is_payment or each.is_doubtful:
            yield _told(each, account=account, created_on=told.created_on)


def _told(movement: Movement, *, account: Account | None, created_on: date | None) -> Told:
    return Told(
        source=PaymentSource.BANK,
        external_id=movement.external_id[:100],
        amount_cents=movement.paid_cents,
        paid_on=movement.occurred_on or movement.credited_on or created_on or date.max,
        method=PaymentMethod.BOLETO,
        meaning=movement.meaning,
        our_number=movement.our_number[:40],
        slip_number=bank_slips.issued_as(movement.our_number, account=account) if account else "",
        document=movement.document[:40],
        company_ref=movement.company_ref[:40],
        line=movement.line,
        is_doubtful=movement.is_doubtful,
    )


def _counts(told: ReturnFile, *, fates: Counter[str]) -> dict[str, int]:
    money = sum(each.is_payment or each.is_doubtful for each in told.movements)
    return {
        **fates,
        "movements": len(told.movements),
        "notices": len(told.movements) - money,
        "doubtful": sum(each.is_doubtful for each in told.movements),
        "errors": len({error.line for error in told.errors}),
        "problems": len(told.problems),
    }


def _booked(file: BankFile) -> dict[str, int]:
    """Return the truth from the rows: how many movements of this file have which state."""
    counts = {state.value: 0 for state in ArrivalState} | {f"{state}_cents": 0 for state in ArrivalState}
    rows = file.arrivals.order_by().values("state").annotate(count=Count("pk"), cents=Sum("amount_cents"))
    for row in rows:
        counts[row["state"]], counts[f"{row['state']}_cents"] = row["count"], row["cents"]
    return counts


def _errors(told: ReturnFile) -> list[dict[str, object]]:
    problems = [
        {"line": each.line, "column": "", "value": each.found, "code": f"file_{each.code}",
         "params": {"found": each.found or "–", "expected": each.expected}}
        for each in told.problems
    ]  # fmt: skip
    return [*problems, *(asdict(error) for error in told.errors)][:KEPT]
