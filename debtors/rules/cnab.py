"""What a bank's return file (CNAB) tells: movements of slips, and what was wrong with the file.

Two formats are in use, of 240 and of 400 columns; `cnab240` and `cnab400` read them. This file
holds what both answer and how one record of fixed columns is read. Columns count from 1.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from debtors.rules.cnab_occurrences import DOUBTFUL, PAYMENTS, Meaning
from debtors.rules.import_columns import RowError

type Span = tuple[int, int]

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened to one slip. Amounts are centavos; dates are None where the bank tells none.

    `our_number` is the bank's own number of the slip (nosso número), `document` and `company_ref`
    are the numbers that the creditor gave it. `paid_cents` is what the payer paid, before the bank
    took its fee; `credited_cents` what reached the account, None where the bank does not tell.
    `interest_cents` holds interest and fine together. `external_id` names the movement for good: the
    same file again, or another one that repeats it, gives the same.
    """

    line: int
    bank: str
    our_number: str
    document: str
    company_ref: str
    occurrence: str
    meaning: Meaning
    title_cents: int
    paid_cents: int
    credited_cents: int | None
    fee_cents: int
    interest_cents: int
    discount_cents: int
    rebate_cents: int
    other_credit_cents: int
    due_on: date | None
    occurred_on: date | None
    credited_on: date | None
    reasons: tuple[str, ...]
    external_id: str = ""

    @property
    def is_payment(self) -> bool:
        """Whether money came that is the creditor's to keep."""
        return self.meaning in PAYMENTS

    @property
    def is_doubtful(self) -> bool:
        """Whether a person must look: money that may not last, or was told before, or went back."""
        return self.meaning in DOUBTFUL


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something wrong with the file as a whole; a file with one is cut off, altered or no return file.

    The codes: `empty`, `no_header`, `not_a_return`, `unknown_bank`, `no_trailer`, `after_trailer`,
    `record_too_long`, `sequence_broken`, `wrong_count`, `wrong_total`, `other_bank`, `outside_a_lot`.
    """

    code: str
    line: int
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """A file as it was read. What is in `movements` is whole; `errors` hold the records that are not.

    `passed_over` counts records that belong to the format but tell nothing of a slip.
    """

    columns: int
    bank: str = ""
    account: str = ""
    created_on: date | None = None
    sequence: str = ""
    movements: tuple[Movement, ...] = ()
    errors: tuple[RowError, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    passed_over: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the file arrived complete and unaltered, as far as its own counts can tell."""
        return not self.problems


@dataclass(slots=True)
class Record:
    """One line of a file, read column by column; what cannot be read is kept as an error."""

    number: int
    text: str
    errors: list[RowError] = field(default_factory=list)

    def at(self, span: Span | None) -> str:
        """Return the text in a span of columns, without blanks around it."""
        return self.text[span[0] - 1 : span[1]].strip() if span else ""

    def cents(self, span: Span | None) -> int:
        """Return an amount with its last two digits as centavos; blank is nothing."""
        found = self.at(span)
        if found and not _DIGITS.fullmatch(found):
            self.refuse("cnab_not_digits", span)
            return 0
        return int(found or 0)

    def day(self, span: Span | None, *, is_year_first: bool = False) -> date | None:
        """Return a day written DDMMAA or DDMMAAAA (or AAAAMMDD); None when it is blank or zero."""
        found = self.at(span)
        if not found.strip("0"):
            return None
        try:
            if not (_DIGITS.fullmatch(found) and len(found) in (6, 8)):
                raise ValueError(found)
            if is_year_first:
                return date(int(found[:4]), int(found[4:6]), int(found[6:]))
            year = int(found[4:]) + (2000 if len(found) == 6 else 0)
            return date(year, int(found[2:4]), int(found[:2]))
        except ValueError:
            self.refuse("cnab_not_a_day", span)
            return None

    def refuse(self, code: str, span: Span | None, **params: str) -> None:
        """Keep what is wrong with a span of columns."""
        column = f"{span[0]}-{span[1]}" if span else ""
        self.errors.append(RowError(self.number, column, self.at(span), code, params))


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a file as text, one character for each column.

    Banks write Latin-1; a file that some program saved again as UTF-8 is read as such. The end
    mark of old systems (0x1A) is no line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return _LINE_BREAK.split(text.replace("\x1a", ""))


def records_of(lines: Sequence[str], *, columns: int) -> tuple[list[Record], list[FileProblem]]:
    """Return the lines that are not blank, filled up to `columns`, and those that are too long.

    Programs strip the blanks at the end of a line: a short one is filled up before it is read.
    """
    records, problems = [], []
    for number, line in enumerate(lines, start=1):
        text = line.rstrip()
        if not text:
            continue
        if len(text) > columns:
            problems.append(FileProblem("record_too_long", number, str(len(text)), str(columns)))
        records.append(Record(number, text.ljust(columns)))
    return records, problems


def checked(movement: Movement, *, record: Record, paid: Span, occurred: Span) -> Movement | None:
    """Return the movement when its record was read without error and says enough, else None.

    Money without a day on which it was paid, and a payment of nothing, are errors: neither may be
    booked, nor be lost.
    """
    if record.errors:
        return None
    if not movement.our_number and not movement.document:
        record.refuse("cnab_no_number", None)
    if movement.is_payment and not movement.paid_cents:
        record.refuse("cnab_paid_nothing", paid)
    if movement.is_payment and movement.occurred_on is None:
        record.refuse("cnab_no_day", occurred)
    return None if record.errors else movement


def named(movements: Iterable[Movement], *, account: str) -> Iterator[Movement]:
    """Give every movement its name for good; the second of two that are alike gets a number.

    Two payments of the same slip on one day are two payments, and stay two when the file is read again.
    """
    seen: Counter[str] = Counter()
    for each in movements:
        day = f"{each.occurred_on:%Y%m%d}" if each.occurred_on else "-"
        number = each.our_number or each.document
        name = f"{each.bank}:{account}:{number}:{each.occurrence}:{day}:{each.paid_cents}"
        seen[name] += 1
        yield replace(each, external_id=name if seen[name] == 1 else f"{name}:{seen[name]}")


def reasons(text: str, *, width: int) -> tuple[str, ...]:
    """Return the codes of reasons that stand one behind the other, blanks and zeros left out."""
    parts = (text[at : at + width].strip() for at in range(0, len(text), width))
    return tuple(part for part in parts if part.strip("0"))
