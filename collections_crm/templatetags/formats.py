"""How money, days, hours, phones and tax ids are written on screen, the same in both languages."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from collections_crm.lib import dates, money, phones, tax_ids, zone_names

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"


@register.filter
def brl(cents: int | None) -> str:
    """Return `R$ 1.234,56` for centavos, on one line; nothing for None."""
    return "" if cents is None else money.format_brl(cents).replace(" ", NBSP)


@register.filter
def brl_plain(cents: int | None) -> str:
    """Return `1.234,56`, for a column whose head already says R$; nothing for None."""
    return "" if cents is None else money.format_plain(cents)


@register.filter
def percent(rate: Decimal | None) -> str:
    """Return a fraction as a percentage: 0.02 is `2%`, 0.0033 is `0,33%`."""
    if rate is None:
        return ""
    text = f"{(rate * 100).normalize():f}"
    return text.replace(".", ",") + "%"


@register.filter
def day(value: date | datetime | None) -> str:
    """Return `21/11/2026`; of a moment, the day it is in the office."""
    if value is None:
        return ""
    return dates.format_br(_in_office(value).date() if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """Return `21/11/2026 14:05`, in the office's zone; nothing for None."""
    if value is None:
        return ""
    return f"{day(value)}{NBSP}{clock(value)}"


@register.filter
def clock(value: datetime | None) -> str:
    """Return `14:05`, in the office's zone."""
    return "" if value is None else f"{_in_office(value):%H:%M}"


@register.filter
def local_time(value: datetime | None, zone: str) -> str:
    """Return the moment where the debtor lives: `21/11/2026 13:05 (Manaus)`.

    The place is named only where the hour differs from the office's.
    """
    if value is None:
        return ""
    there = value.astimezone(ZoneInfo(zone))
    text = f"{dates.format_br(there.date())}{NBSP}{there:%H:%M}"
    return text if there.utcoffset() == _in_office(value).utcoffset() else f"{text} ({zone_name(zone)})"


@register.filter
def zone_name(zone: str) -> str:
    """Return the city a time zone is named after, as a Brazilian writes it: `America/Cuiaba` is `Cuiabá`."""
    return zone_names.city_of(zone)


@register.filter
def relative_to(value: date | None, today: date) -> str:
    """Return how far a day is from another: `today`, `in 3 days`, `2 days ago`; for beside the day itself."""
    if value is None:
        return ""
    days = (value - today).days
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.filter
def tax_id(number: str | None) -> str:
    """Return a CPF or CNPJ with its punctuation."""
    return tax_ids.format_number(number) if number else ""


@register.filter
def mask_tax_id(number: str | None) -> str:
    """Return the part of a CPF or CNPJ that may be shown without need: `***.533.447-**`."""
    return tax_ids.mask(number) if number else ""


@register.filter
def phone(e164: str | None) -> str:
    """Return a stored number as it is read aloud, on one line: `(11) 98765-4321`."""
    return phones.format_national(e164).replace(" ", NBSP) if e164 else ""


@register.filter
def mask_phone(e164: str | None) -> str:
    """Return the part of a number that may be shown without need: `(11) *****-4321`."""
    return phones.mask(e164).replace(" ", NBSP) if e164 else ""


def _in_office(value: datetime) -> datetime:
    return timezone.localtime(value)
