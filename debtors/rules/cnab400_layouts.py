"""Where each bank writes what in a return file of 400 columns. Columns count from 1.

There is no standard of 400 columns: each bank has its own, similar enough to be misread. A bank is
in this table when at least two independent readers of its published layout agree on its columns;
one that is not is refused, never read with another's columns. Left out for that reason: Safra, C6,
Banco do Nordeste, BRB, Unicred and CrediSIS.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from debtors.rules.cnab import Span


@dataclass(frozen=True, slots=True)
class Layout400:
    """The columns of one bank's detail record; a field that the bank does not have is None.

    `detail` is the first column of a detail record, `passed_over` those of records that tell
    nothing of a payment. `is_net` says that `paid` holds what was credited after the fee was taken.
    """

    our_number: Span
    document: Span | None = (117, 126)
    company_ref: Span | None = (38, 62)
    occurrence: Span = (109, 110)
    occurred_on: Span = (111, 116)
    due_on: Span = (147, 152)
    title: Span = (153, 165)
    fee: Span | None = (176, 188)
    rebate: Span | None = (228, 240)
    discount: Span | None = (241, 253)
    paid: Span = (254, 266)
    interest: Span | None = (267, 279)
    fine: Span | None = None
    other_credit: Span | None = (280, 292)
    credited: Span | None = None
    credited_on: Span = (296, 301)
    reasons: Span | None = None
    reason_width: int = 2
    detail: str = "1"
    passed_over: str = ""
    is_net: bool = False
    is_year_first: bool = False
    sequence: Span | None = None


LAYOUTS: Mapping[str, Layout400] = {
    # Banco do Brasil: what is left after the fee stands apart, as the entry in the account
    "001": Layout400(
        our_number=(64, 80),
        company_ref=(39, 63),
        fee=(182, 188),
        credited=(306, 318),
        credited_on=(176, 181),
        reasons=(87, 88),
        detail="7",
        passed_over="235",
        sequence=(101, 107),
    ),
    # Santander; type 2 tells the Pix that paid a slip
    "033": Layout400(our_number=(63, 70), reasons=(137, 145), reason_width=3, passed_over="2"),
    "041": Layout400(our_number=(63, 72), reasons=(383, 392)),  # Banrisul
    "077": Layout400(  # Inter: columns far from all others'
        our_number=(71, 81),
        document=(98, 107),
        occurrence=(90, 91),
        occurred_on=(92, 97),
        due_on=(119, 124),
        title=(125, 137),
        fee=None,
        rebate=None,
        discount=None,
        paid=(160, 172),
        interest=None,
        other_credit=None,
        credited_on=(173, 178),
        reasons=(241, 380),
        reason_width=140,
    ),
    "104": Layout400(  # Caixa, SIGCB: the fine stands apart
        our_number=(57, 73),
        company_ref=(32, 56),
        fine=(280, 292),
        other_credit=None,
        credited_on=(294, 299),
        reasons=(80, 82),
        reason_width=3,
    ),
    # Bradesco; type 3 shares a credit out, type 4 tells a Pix
    "237": Layout400(our_number=(71, 82), reasons=(319, 328), passed_over="34", sequence=(109, 113)),
    # Itaú: 254 to 266 hold the entry in the account, the fee taken off already; types 3 to 5 tell more
    "341": Layout400(
        our_number=(63, 70), reasons=(378, 385), passed_over="345", is_net=True, sequence=(109, 113)
    ),
    "748": Layout400(  # Sicredi: days of credit begin with the year, the fine stands apart
        our_number=(48, 62),
        company_ref=None,
        fine=(280, 292),
        other_credit=None,
        credited_on=(329, 336),
        reasons=(319, 328),
        is_year_first=True,
        sequence=(111, 117),
    ),
    "756": Layout400(  # Sicoob
        our_number=(63, 74), fee=(182, 188), credited_on=(176, 181), reasons=(81, 82)
    ),
}

#: Counts in a bank's trailer: columns, and the occurrences that they count.
TRAILER_COUNTS: Mapping[str, tuple[tuple[Span, frozenset[str]], ...]] = {
    "237": (((58, 62), frozenset({"02"})), ((87, 91), frozenset({"06"}))),
}
#: Where a trailer tells how many details a file has, and the sum of their slips' own values.
TRAILER_TOTALS: Mapping[str, tuple[Span, Span]] = {"341": ((213, 220), (221, 234))}
