"""The only writer of do-not-call lists: an import replaces the numbers of a list wholly, or not at all."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import transaction

from contacts.models import BlockedNumber, BlockList, BlockListEvent, Contact, PolicyHead
from contacts.rules.number_lists import LineError, read_numbers
from contacts.services import outbox, policy
from contacts.vocabulary import BlockListEventKind
from debtors.models import ContactPoint, User

LOST_AT_MOST = 10  # one number in so many, without a reason
CHUNK = 500  # numbers in one statement; SQLite takes a limited number of parameters


class WrongLinesError(Exception):
    """Some lines hold no number, so nothing was imported; `errors` says which and why."""

    def __init__(self, errors: tuple[LineError, ...]) -> None:
        super().__init__(f"{len(errors)} wrong lines")
        self.errors = errors


class EmptyListError(Exception):
    """The file holds no number at all: to empty a list is not what somebody meant."""


class ReasonMissingError(Exception):
    """A list was to bind less (off, fewer channels, many numbers gone) without a written reason."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did."""

    added: int
    removed: int


def take_in(
    block_list: BlockList, *, content: bytes, file_name: str, by: User | None, now: datetime, reason: str = ""
) -> Taken:
    """Write a list, new or known, and replace its numbers by the file's; the same file changes nothing.

    It binds whatever is admitted after the commit; debtors whose number is no longer on it are
    judged again. Raises WrongLinesError, EmptyListError and ReasonMissingError, and then nothing is
    imported.
    """
    read = read_numbers(content)
    if read.errors:
        raise WrongLinesError(read.errors)
    if not read.numbers:
        raise EmptyListError(file_name)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        before = BlockList.objects.select_for_update().filter(pk=block_list.pk).first()
        if before is not None and (before.sha256, before.channels) == (sha256, block_list.channels):
            block_list.save(update_fields=["law", "source"])
            return Taken(0, 0)
        if before is not None and not reason.strip() and binds_less(block_list, numbers=read.numbers):
            raise ReasonMissingError(before.name)
        block_list.file_name, block_list.sha256 = file_name[:200], sha256
        block_list.size, block_list.imported_at, block_list.imported_by = len(read.numbers), now, by
        block_list.save()
        added, removed = _replace(block_list, wanted=read.numbers)
        counted = {"added": len(added), "removed": len(removed)}
        _tell(block_list, BlockListEventKind.IMPORTED, by=by, now=now, reason=reason.strip(), **counted)
        is_about_more = before is None or before.channels == block_list.channels
        _take_effect(freed=removed if is_about_more else removed | read.numbers, now=now)
    return Taken(len(added), len(removed))


def describe(block_list: BlockList, *, by: User | None, now: datetime, reason: str = "") -> None:
    """Keep what is said of a known list, its numbers as they are; which channels it binds may change.

    Raises ReasonMissingError where it would bind fewer of them without one.
    """
    with transaction.atomic():
        before = BlockList.objects.select_for_update().get(pk=block_list.pk)
        if not reason.strip() and binds_less(block_list):
            raise ReasonMissingError(before.name)
        block_list.save(update_fields=["name", "law", "source", "channels"])
        if before.channels != block_list.channels:
            _tell(block_list, BlockListEventKind.CHANGED, by=by, now=now, reason=reason.strip())
            _take_effect(freed=_numbers(block_list), now=now)


def binds_less(block_list: BlockList, *, numbers: Collection[str] | None = None) -> bool:
    """Return whether a list, kept as it stands here, would bind fewer channels, or lose many numbers.

    A register loses some with every file; that it loses more than a tenth is asked about. Of a list
    that is new or switched off nothing is lost.
    """
    before = BlockList.objects.filter(pk=block_list.pk, is_on=True).first()
    if before is None:
        return False
    if block_list.channels and not (before.channels and set(before.channels) <= set(block_list.channels)):
        return True
    lost = set() if numbers is None else _numbers(before) - set(numbers)
    return len(lost) * LOST_AT_MOST > before.size


def switch(block_list: BlockList, *, is_on: bool, by: User, reason: str, now: datetime) -> None:
    """Let a list bind, or not; off only with a written reason, and then what it refused is judged again.

    As it stands already, nothing happens. Raises ReasonMissingError.
    """
    with transaction.atomic():
        known = BlockList.objects.select_for_update().get(pk=block_list.pk)
        if known.is_on == is_on:
            return
        if not is_on and not reason.strip():
            raise ReasonMissingError(known.name)
        BlockList.objects.filter(pk=known.pk).update(is_on=is_on)
        what = BlockListEventKind.SWITCHED_ON if is_on else BlockListEventKind.SWITCHED_OFF
        _tell(known, what, by=by, now=now, reason=reason.strip())
        _take_effect(freed=set() if is_on else _numbers(known), now=now)


def _replace(block_list: BlockList, *, wanted: Collection[str]) -> tuple[set[str], set[str]]:
    """Make the list hold exactly the wanted numbers; return which are new and which are gone."""
    have = _numbers(block_list)
    added, removed = set(wanted) - have, have - set(wanted)
    for some in batched(sorted(removed), CHUNK):
        block_list.numbers.filter(number__in=some).delete()
    rows = (BlockedNumber(block_list=block_list, number=number) for number in sorted(added))
    for chunk in batched(rows, CHUNK):
        BlockedNumber.objects.bulk_create(chunk)
    return added, removed


def _numbers(block_list: BlockList) -> set[str]:
    return set(block_list.numbers.values_list("number", flat=True))


def _take_effect(*, freed: Collection[str], now: datetime) -> None:
    """Take back what is about to leave; have those judged again who are reached at a number set free.

    The head is held last and shortly: a long import keeps no admission waiting, and those before
    this moment are withdrawn.
    """
    list(PolicyHead.objects.select_for_update().filter(scope=policy.HOUSE))
    outbox.withdraw(Contact.objects.all(), now=now)
    for some in batched(sorted(freed), CHUNK):
        debtors = ContactPoint.objects.filter(value__in=some).values_list("debtor_id", flat=True)
        outbox.plan_again(debtor_ids=set(debtors), now=now)
    if freed:
        PolicyHead.objects.filter(scope=policy.HOUSE).update(changed_at=now)


def _tell(
    block_list: BlockList,
    what: BlockListEventKind,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    added: int = 0,
    removed: int = 0,
) -> None:
    BlockListEvent.objects.create(
        block_list=block_list, what=what, at=now, by=by, reason=reason, added=added, removed=removed
    )
