"""A return file of either format: which one it is, and what it tells."""

from debtors.rules import cnab, cnab240, cnab400
from debtors.rules.cnab import FileProblem, ReturnFile

#: Every code that an error of a record can have: pages need a sentence for each.
ERROR_CODES = (
    "cnab_not_digits",
    "cnab_not_a_day",
    "cnab_no_number",
    "cnab_paid_nothing",
    "cnab_no_day",
    "cnab_unknown_record",
    "cnab_unknown_occurrence",
    "cnab_segment_alone",
)


def parse(content: bytes) -> ReturnFile:
    """Return what a bank's return file tells, whichever of the two formats it has.

    The first record tells the format: `02RETORNO` opens one of 400 columns, lot 0000 and kind 0
    one of 240. What is neither is answered with a problem and no movement.
    """
    lines = cnab.lines_of(content)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        return ReturnFile(columns=0, problems=(FileProblem("empty", 1),))
    if first[3:8] == "00000":
        return cnab240.parse(lines)
    if first[:1] == "0" and len(first.rstrip()) > cnab240.COLUMNS:
        return cnab400.parse(lines)
    return ReturnFile(columns=0, problems=(FileProblem("no_header", 1, first[:20].strip()),))
