"""Return files of 400 columns: header (0), details, trailer (9), each numbered in columns 395 to 400."""

from collections.abc import Sequence

from debtors.rules import cnab
from debtors.rules.cnab import FileProblem, Movement, Record, ReturnFile
from debtors.rules.cnab400_layouts import LAYOUTS, TRAILER_COUNTS, TRAILER_TOTALS, Layout400
from debtors.rules.cnab_occurrences import OWN_400

COLUMNS = 400
KIND, IS_RETURN, LITERAL = (1, 1), (2, 2), (3, 9)
ACCOUNT, BANK, CREATED_ON, CREATED_ON_YEAR_FIRST = (27, 46), (77, 79), (95, 100), (95, 102)
NUMBER = (395, 400)
HEADER, TRAILER = "0", "9"


def parse(lines: Sequence[str]) -> ReturnFile:
    """Return what a file of 400 columns tells: movements, records with errors, problems of the file.

    A file of a bank whose columns are not known is refused whole. Every record must carry its
    number, one after the other, so that a line that is missing in the middle is noticed.
    """
    records, problems = cnab.records_of(lines, columns=COLUMNS)
    header, refusal = _header(records)
    if header is None:
        return ReturnFile(COLUMNS, problems=(*problems, *refusal))
    bank = header.at(BANK)
    layout = LAYOUTS[bank]
    details, passed_over, trailer = _sort(records[1:], layout=layout)
    read = [(record, _movement(record, bank=bank, layout=layout)) for record in details]
    account = header.at(ACCOUNT).replace(" ", "").lstrip("0")
    movements = cnab.named((each for _, each in read if each), account=account)
    problems += [*_numbering(records), *_ending(records, trailer=trailer)]
    if trailer:
        problems += _counts(details, trailer=trailer, bank=bank, layout=layout)
    return ReturnFile(
        COLUMNS,
        bank=bank,
        account=account,
        created_on=header.day(
            CREATED_ON_YEAR_FIRST if layout.is_year_first else CREATED_ON, is_year_first=layout.is_year_first
        ),
        sequence=header.at(layout.sequence),
        movements=tuple(movements),
        errors=tuple(error for record in [header, *records[1:]] for error in record.errors),
        problems=tuple(problems),
        passed_over=passed_over,
    )


def _header(records: Sequence[Record]) -> tuple[Record | None, list[FileProblem]]:
    """Return the header of a return file of a known bank, or why there is none."""
    if not records:
        return None, [FileProblem("empty", 1)]
    first = records[0]
    if first.at(KIND) != HEADER:
        return None, [FileProblem("no_header", first.number, first.at(KIND), HEADER)]
    if first.at(IS_RETURN) != "2" or first.at(LITERAL) != "RETORNO":
        return None, [FileProblem("not_a_return", first.number, first.at((2, 9)), "2RETORNO")]
    if first.at(BANK) not in LAYOUTS:
        return None, [FileProblem("unknown_bank", first.number, first.at(BANK))]
    return first, []


def _sort(records: Sequence[Record], *, layout: Layout400) -> tuple[list[Record], int, Record | None]:
    """Part the records into details, those passed over (counted) and the trailer."""
    details, passed_over, trailer = [], 0, None
    for record in records:
        kind = record.at(KIND)
        if kind == TRAILER:
            trailer = trailer or record
        elif kind == layout.detail:
            details.append(record)
        elif kind and kind in layout.passed_over:
            passed_over += 1
        else:
            record.refuse("cnab_unknown_record", KIND)
    return details, passed_over, trailer


def _movement(record: Record, *, bank: str, layout: Layout400) -> Movement | None:
    """Read one detail; None after an error, which stays with the record."""
    code = record.at(layout.occurrence)
    meaning = OWN_400[bank].get(code)
    if meaning is None:
        record.refuse("cnab_unknown_occurrence", layout.occurrence, bank=bank)
        return None
    paid, fee = record.cents(layout.paid), record.cents(layout.fee)
    movement = Movement(
        line=record.number,
        bank=bank,
        our_number=record.at(layout.our_number),
        document=record.at(layout.document),
        company_ref=record.at(layout.company_ref),
        occurrence=code,
        meaning=meaning,
        title_cents=record.cents(layout.title),
        paid_cents=paid + fee if layout.is_net and paid else paid,
        credited_cents=paid if layout.is_net else _told_cents(record, layout),
        fee_cents=fee,
        interest_cents=record.cents(layout.interest) + record.cents(layout.fine),
        discount_cents=record.cents(layout.discount),
        rebate_cents=record.cents(layout.rebate),
        other_credit_cents=record.cents(layout.other_credit),
        due_on=record.day(layout.due_on),
        occurred_on=record.day(layout.occurred_on),
        credited_on=record.day(layout.credited_on, is_year_first=layout.is_year_first),
        reasons=cnab.reasons(record.at(layout.reasons), width=layout.reason_width),
    )
    return cnab.checked(movement, record=record, paid=layout.paid, occurred=layout.occurred_on)


def _told_cents(record: Record, layout: Layout400) -> int | None:
    """Return what was credited where the bank tells it apart from what was paid."""
    return record.cents(layout.credited) if layout.credited else None


def _numbering(records: Sequence[Record]) -> list[FileProblem]:
    """Return the first record that does not carry the next number; a line before it is missing or doubled."""
    for expected, record in enumerate(records, start=1):
        if record.at(NUMBER) != f"{expected:06d}":
            return [FileProblem("sequence_broken", record.number, record.at(NUMBER), f"{expected:06d}")]
    return []


def _ending(records: Sequence[Record], *, trailer: Record | None) -> list[FileProblem]:
    """Return what is wrong with the end of the file."""
    last = records[-1]
    if trailer is None:
        return [FileProblem("no_trailer", last.number)]
    return [] if last is trailer else [FileProblem("after_trailer", last.number)]


def _counts(details: Sequence[Record], *, trailer: Record, bank: str, layout: Layout400) -> list[FileProblem]:
    """Compare what the trailer tells with what stands in the file."""
    problems = []
    codes = [record.at(layout.occurrence) for record in details]
    for span, counted in TRAILER_COUNTS.get(bank, ()):
        problems.append(_compared("wrong_count", trailer, span, sum(code in counted for code in codes)))
    if bank in TRAILER_TOTALS:
        count, total = TRAILER_TOTALS[bank]
        titles = [record.at(layout.title) for record in details]
        if all(title.isdecimal() for title in titles):
            problems.append(_compared("wrong_total", trailer, total, sum(map(int, titles))))
        problems.append(_compared("wrong_count", trailer, count, len(details)))
    return [problem for problem in problems if problem]


def _compared(code: str, trailer: Record, span: cnab.Span, counted: int) -> FileProblem | None:
    """Return the problem when the trailer tells another number than was counted."""
    told = trailer.at(span)
    if told.isdecimal() and int(told) == counted:
        return None
    return FileProblem(code, trailer.number, told, str(counted))
