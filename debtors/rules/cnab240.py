"""Return files of 240 columns: header, lots of pairs of segments T (the slip) and U (the money), trailer.

FEBRABAN defines the format; banks keep segment U and most of T. Column 8 tells the kind of record,
column 14 the segment. Source: FEBRABAN, CNAB 240 version 9, collection; Santander, Itaú, Caixa and
Sicoob, their own layouts, where their segment T differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from debtors.rules import cnab
from debtors.rules.cnab import FileProblem, Movement, Record, ReturnFile, Span
from debtors.rules.cnab_occurrences import FEBRABAN_240, OWN_240, Meaning

COLUMNS = 240
BANK, LOT, KIND, SEGMENT, LOT_NUMBER = (1, 3), (4, 7), (8, 8), (14, 14), (9, 13)
ACCOUNT, DIRECTION, CREATED_ON, SEQUENCE = (33, 72), (143, 143), (144, 151), (158, 163)
SERVICE, COLLECTION = (10, 11), "01"
LOT_COUNT, FILE_LOTS, FILE_RECORDS = (18, 23), (18, 23), (24, 29)
OCCURRENCE = (16, 17)
HEADER, LOT_HEADER, DETAIL, LOT_TRAILER, TRAILER = "0", "1", "3", "5", "9"

# Segment U, the same in every bank.
INTEREST, DISCOUNT, REBATE, PAID, CREDITED = (18, 32), (33, 47), (48, 62), (78, 92), (93, 107)
OTHER_CREDIT, OCCURRED_ON, CREDITED_ON = (123, 137), (138, 145), (146, 153)


@dataclass(frozen=True, slots=True)
class SegmentT:
    """The columns of segment T."""

    our_number: Span = (38, 57)
    document: Span = (59, 73)
    due_on: Span = (74, 81)
    title: Span = (82, 96)
    company_ref: Span = (106, 130)
    fee: Span = (199, 213)
    reasons: Span = (214, 223)


SEGMENT_T: Mapping[str, SegmentT] = {
    "033": SegmentT((41, 53), (55, 69), (70, 77), (78, 92), (101, 125), (194, 208), (209, 218)),  # Santander
    "104": SegmentT(our_number=(40, 56), document=(59, 69)),  # Caixa
    "341": SegmentT(our_number=(41, 49), document=(59, 68), reasons=(214, 221)),  # Itaú
    "756": SegmentT(our_number=(38, 47)),  # Sicoob
}
#: The reason that tells of a slip paid at the notary's, where a bank has no occurrence of its own for it.
AT_NOTARY = "08"
#: Banks whose lot trailer counts only the details, not header and trailer of the lot.
COUNTS_DETAILS_ONLY = frozenset({"033"})


@dataclass(slots=True)
class _Lot:
    """One lot while its records go by."""

    header: Record
    details: list[Record] = field(default_factory=list)
    trailer: Record | None = None

    @property
    def is_collection(self) -> bool:
        """Whether the lot tells of slips; a file may hold other services besides."""
        return self.header.at(SERVICE) == COLLECTION


def parse(lines: Sequence[str]) -> ReturnFile:
    """Return what a file of 240 columns tells: movements, records with errors, problems of the file.

    A T belongs to the next U; other segments may stand between them. Lots of other services than
    collection are counted and passed over. Every bank is read by FEBRABAN's columns, but for those
    whose segment T is known to differ.
    """
    records, problems = cnab.records_of(lines, columns=COLUMNS)
    refusal = _refusal(records)
    if refusal:
        return ReturnFile(COLUMNS, problems=(*problems, refusal))
    header = records[0]
    bank = header.at(BANK)
    lots, stray = _lots(records, bank=bank)
    collection = [lot for lot in lots if lot.is_collection]
    pairs = [pair for lot in collection for pair in _pairs(lot)]
    read = [_movement(slip, money, bank=bank) for slip, money in pairs]
    account = "".join(header.at(ACCOUNT).split()).lstrip("0")
    problems += [*stray, *_ending(records, lots=lots)]
    problems += [each for lot in lots for each in _lot_problems(lot, bank=bank)]
    return ReturnFile(
        COLUMNS,
        bank=bank,
        account=account,
        created_on=header.day(CREATED_ON),
        sequence=header.at(SEQUENCE),
        movements=tuple(cnab.named((each for each in read if each), account=account)),
        errors=tuple(error for record in records for error in record.errors),
        problems=tuple(problems),
        passed_over=sum(len(lot.details) for lot in lots) - 2 * len(pairs),
    )


def _refusal(records: Sequence[Record]) -> FileProblem | None:
    """Return why these are not the records of a return file, or None."""
    if not records:
        return FileProblem("empty", 1)
    first = records[0]
    if first.at(KIND) != HEADER or first.at(LOT) != "0000":
        return FileProblem("no_header", first.number, first.at((4, 8)), "0000" + HEADER)
    if first.at(DIRECTION) != "2":
        return FileProblem("not_a_return", first.number, first.at(DIRECTION), "2")
    return None


def _lots(records: Sequence[Record], *, bank: str) -> tuple[list[_Lot], list[FileProblem]]:
    """Gather the records between header and trailer into lots; whatever stands outside one is a problem."""
    lots: list[_Lot] = []
    problems = []
    for record in records[1:]:
        kind = record.at(KIND)
        lot = lots[-1] if lots and lots[-1].trailer is None else None
        if record.at(BANK) != bank:
            problems.append(FileProblem("other_bank", record.number, record.at(BANK), bank))
        if kind == LOT_HEADER:
            lots.append(_Lot(record))
        elif kind == DETAIL and lot:
            lot.details.append(record)
        elif kind == LOT_TRAILER and lot:
            lot.trailer = record
        elif kind != TRAILER:
            problems.append(FileProblem("outside_a_lot", record.number, kind))
    return lots, problems


def _pairs(lot: _Lot) -> list[tuple[Record, Record]]:
    """Return every T with its U; one that stands alone is an error of its record."""
    pairs, waiting = [], None
    for record in lot.details:
        segment = record.at(SEGMENT)
        if segment == "T":
            if waiting:
                waiting.refuse("cnab_segment_alone", SEGMENT)
            waiting = record
        elif segment == "U" and waiting and waiting.at(OCCURRENCE) == record.at(OCCURRENCE):
            pairs.append((waiting, record))
            waiting = None
        elif segment == "U":
            record.refuse("cnab_segment_alone", SEGMENT)
    if waiting:
        waiting.refuse("cnab_segment_alone", SEGMENT)
    return pairs


def _movement(slip: Record, money: Record, *, bank: str) -> Movement | None:
    """Read one pair; None after an error, which stays with the record that has it."""
    segment = SEGMENT_T.get(bank, SegmentT())
    code = slip.at(OCCURRENCE)
    meaning = OWN_240.get(bank, FEBRABAN_240).get(code)
    if meaning is None:
        slip.refuse("cnab_unknown_occurrence", OCCURRENCE, bank=bank)
        return None
    reasons = cnab.reasons(slip.at(segment.reasons), width=2)
    if meaning is Meaning.PAID and AT_NOTARY in reasons and bank != "341":
        meaning = Meaning.PAID_AT_NOTARY
    movement = Movement(
        line=slip.number,
        bank=bank,
        our_number=slip.at(segment.our_number),
        document=slip.at(segment.document),
        company_ref=slip.at(segment.company_ref),
        occurrence=code,
        meaning=meaning,
        title_cents=slip.cents(segment.title),
        paid_cents=money.cents(PAID),
        credited_cents=money.cents(CREDITED),
        fee_cents=slip.cents(segment.fee),
        interest_cents=money.cents(INTEREST),
        discount_cents=money.cents(DISCOUNT),
        rebate_cents=money.cents(REBATE),
        other_credit_cents=money.cents(OTHER_CREDIT),
        due_on=slip.day(segment.due_on),
        occurred_on=money.day(OCCURRED_ON),
        credited_on=money.day(CREDITED_ON),
        reasons=reasons,
    )
    checked = cnab.checked(movement, record=money, paid=PAID, occurred=OCCURRED_ON)
    return None if slip.errors else checked


def _lot_problems(lot: _Lot, *, bank: str) -> list[FileProblem]:
    """Return what is wrong with a lot: its end, its count, the numbers of its records."""
    problems = []
    for expected, record in enumerate(lot.details, start=1):
        if record.at(LOT_NUMBER) != f"{expected:05d}":
            found = record.at(LOT_NUMBER)
            problems.append(FileProblem("sequence_broken", record.number, found, f"{expected:05d}"))
            break
    if lot.trailer is None:
        return [*problems, FileProblem("no_trailer", lot.header.number, lot.header.at(LOT))]
    count = len(lot.details) + (0 if bank in COUNTS_DETAILS_ONLY else 2)
    return problems + _compared(lot.trailer, LOT_COUNT, count)


def _ending(records: Sequence[Record], *, lots: Sequence[_Lot]) -> list[FileProblem]:
    """Return what is wrong with the file's trailer, which counts lots and records."""
    trailers = [record for record in records if record.at(KIND) == TRAILER]
    if not trailers:
        return [FileProblem("no_trailer", records[-1].number)]
    trailer = trailers[0]
    if trailer is not records[-1]:
        return [FileProblem("after_trailer", records[-1].number)]
    return _compared(trailer, FILE_LOTS, len(lots)) + _compared(trailer, FILE_RECORDS, len(records))


def _compared(trailer: Record, span: Span, counted: int) -> list[FileProblem]:
    """Return the problem when a trailer tells another number than was counted."""
    told = trailer.at(span)
    if told.isdecimal() and int(told) == counted:
        return []
    return [FileProblem("wrong_count", trailer.number, told, str(counted))]
