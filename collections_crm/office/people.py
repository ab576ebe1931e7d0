"""Roles, the four colleagues of the invented office with fresh passwords, and its creditor."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group

from collections_crm.lib import tax_ids
from collections_crm.roles import ROLES
from debtors.models import (
    Creditor,
    DiscountBand,
    LoyaltyLevel,
    LoyaltyRules,
    OfferRules,
    Portfolio,
    ReceivingAccount,
    User,
)
from debtors.services import access
from debtors.vocabulary import SlipBank

CREDITOR_TAX_ID = tax_ids.with_check_digits("453178260001")
PORTFOLIO = "Crediário"
COLLEAGUES = (
    ("ana", "Ana", "Ribeiro", access.AGENT),
    ("paula", "Paula", "Nunes", access.SUPERVISOR),
    ("marcos", "Marcos", "Lima", access.MANAGER),
    ("admin", "Helena", "Prado", "administrator"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """How one colleague gets in."""

    role: str
    username: str
    password: str


def set_up_roles() -> None:
    """Give every role its permissions."""
    access.set_up_roles(permissions={role: set(permissions) for role, permissions in ROLES.items()})


def set_up_colleagues() -> list[Login]:
    """Make the four colleagues, or give them new passwords; return how they log in."""
    return [_set_up(*colleague) for colleague in COLLEAGUES]


def set_up_portfolio() -> tuple[Portfolio, bool]:
    """Return the office's portfolio, given to its agent, and whether it was made just now."""
    creditor, is_new = Creditor.objects.get_or_create(
        tax_id=CREDITOR_TAX_ID,
        defaults={
            "name": "Lojas Horizonte Comércio de Móveis Ltda.",
            "brand": "Lojas Horizonte",
            "address": "Avenida das Palmeiras, 1500, Centro, Campinas SP, 13010-000",
            "phone": "0800 000 0000",
            "email": "atendimento@example.com",
        },
    )
    portfolio, _made = Portfolio.objects.get_or_create(creditor=creditor, name=PORTFOLIO)
    portfolio.agents.add(*User.objects.filter(username__in=[COLLEAGUES[0][0], COLLEAGUES[1][0]]))
    if is_new:
        _set_up_money(creditor)
    return portfolio, is_new


def _set_up_money(creditor: Creditor) -> None:
    """Say what may be agreed on, where money goes, and what paying in time brings."""
    rules = OfferRules.objects.create(
        creditor=creditor,
        floor_percent=60,
        min_down_payment_percent=10,
        min_payment_cents=5_000,
        offered_payments="3, 6, 10",
        supervisor_extra_percent=10,
        manager_extra_percent=20,
    )
    for days, at_once, parted in ((1, 5, 0), (60, 10, 5), (180, 20, 10)):
        DiscountBand.objects.create(
            rules=rules, from_days_late=days, one_off_percent=at_once, installments_percent=parted
        )
    ReceivingAccount.objects.create(
        creditor=creditor,
        pix_key="pagamentos@example.com",
        pix_city="Campinas",
        slip_bank=SlipBank.BANCO_DO_BRASIL,
        slip_wallet="17",
        slip_agreement="1234567",
    )
    loyalty = LoyaltyRules.objects.create(creditor=creditor)
    for points, name, benefit in (
        (30, "Prata", "frete grátis"),
        (80, "Ouro", "frete grátis e entrega no dia"),
    ):
        LoyaltyLevel.objects.create(rules=loyalty, from_points=points, name=name, benefit=benefit)


def _set_up(username: str, first_name: str, last_name: str, role: str) -> Login:
    is_administrator = role not in ROLES
    password = secrets.token_urlsafe(12)
    user, _made = User.objects.get_or_create(
        username=username, defaults={"first_name": first_name, "last_name": last_name}
    )
    user.is_staff = role not in (access.AGENT, access.SUPERVISOR)
    user.is_superuser = is_administrator
    user.set_password(password)
    user.save()
    if not is_administrator:
        user.groups.set([Group.objects.get(name=role)])
    return Login(role=role, username=username, password=password)
