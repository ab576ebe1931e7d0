"""Money as integer centavos: read it as people write it, round it, write it the Brazilian way."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

MAX_CENTS = 10**15  # ten trillion reais: above any amount, far below what a 64-bit column holds

_WIDE = Context(prec=60)
_BRAZILIAN = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})")
_PLAIN = re.compile(r"[0-9]+(?:\.([0-9]{1,2}))?")
_GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_FOREIGN_GROUPS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


class AmountError(ValueError):
    """The text is not one amount of money. `code` is `not_an_amount`, `ambiguous` or `too_large`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def parse(text: str, *, dot_groups_thousands: bool = False) -> int:
    """Return the centavos written in `text`: `1.234,56`, `1234,5`, `1234.56`, `R$ 1.234,56`, `-10`.

    A lone group such as `1.234` may be a thousand or a fraction with three places, and a wrong
    guess is wrong by a factor of a thousand: it is refused, unless `dot_groups_thousands` says
    that a person typed it the Brazilian way, where it is one thousand two hundred and thirty-four.
    Commas that group thousands (`1,234.56`) are refused for the same reason, and more than two
    decimal places always.

    Raises AmountError.
    """
    sign, body = _split_sign(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    return sign * _unsigned_cents(body, text=text, dot_groups_thousands=dot_groups_thousands)


def percent_of(cents: int, rate: Decimal) -> int:
    """Return `rate` (a fraction, 0.02 being 2 %) of an amount in centavos; half a centavo rounds up.

    Of a negative amount half a centavo rounds away from zero, so that a reversal mirrors its original.
    """
    return int(_WIDE.multiply(Decimal(cents), rate).quantize(Decimal(1), ROUND_HALF_UP, _WIDE))


def format_brl(cents: int) -> str:
    """Return `R$ 1.234,56`, with a minus sign in front when negative and plain spaces (safe in an SMS)."""
    return ("-" if cents < 0 else "") + "R$ " + format_plain(abs(cents))


def format_plain(cents: int) -> str:
    """Return `1.234,56`, the amount without its currency, as a form field or a spreadsheet shows it."""
    reais, rest = divmod(abs(cents), 100)
    return ("-" if cents < 0 else "") + f"{reais:,}".replace(",", ".") + f",{rest:02d}"


def _split_sign(text: str) -> tuple[int, str]:
    """Take off the currency, and the one minus sign before or behind it."""
    body = text.removeprefix("-").lstrip()
    for symbol in ("R$", "BRL"):
        body = body.removeprefix(symbol).lstrip()
    if text.startswith("-"):
        return -1, body
    return (-1, body[1:]) if body.startswith("-") else (1, body)


def _unsigned_cents(body: str, *, text: str, dot_groups_thousands: bool) -> int:
    """Read digits and separators; the sign and the currency are gone already."""
    is_lone_group = _ONE_GROUP.fullmatch(body) is not None
    if (is_lone_group and not dot_groups_thousands) or _FOREIGN_GROUPS.fullmatch(body):
        raise AmountError("ambiguous", text)
    if match := _BRAZILIAN.fullmatch(body):
        whole = body[: match.start(1) - 1].replace(".", "")
    elif match := _PLAIN.fullmatch(body):
        whole = body.partition(".")[0]
    elif is_lone_group or _GROUPS.fullmatch(body):
        whole = body.replace(".", "")
    else:
        raise AmountError("not_an_amount", text)
    if len(whole) > 18:
        raise AmountError("too_large", text)
    cents = int(whole) * 100 + (int(match[1].ljust(2, "0")) if match and match[1] else 0)
    if cents > MAX_CENTS:
        raise AmountError("too_large", text)
    return cents
