"""Roles, the three colleagues of the invented office with fresh passwords, and its creditor."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group

from collections_crm.lib import tax_ids
from collections_crm.roles import ROLES
from debtors.models import Creditor, Portfolio, User
from debtors.services import access

CREDITOR_TAX_ID = tax_ids.with_check_digits("453178260001")
PORTFOLIO = "Crediário"
COLLEAGUES = (
    ("ana", "Ana", "Ribeiro", access.AGENT),
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
    """Make the three colleagues, or give them new passwords; return how they log in."""
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
    portfolio.agents.add(User.objects.get(username=COLLEAGUES[0][0]))
    return portfolio, is_new


def _set_up(username: str, first_name: str, last_name: str, role: str) -> Login:
    is_administrator = role not in ROLES
    password = secrets.token_urlsafe(12)
    user, _made = User.objects.get_or_create(
        username=username, defaults={"first_name": first_name, "last_name": last_name}
    )
    user.is_staff = role != access.AGENT
    user.is_superuser = is_administrator
    user.set_password(password)
    user.save()
    if not is_administrator:
        user.groups.set([Group.objects.get(name=role)])
    return Login(role=role, username=username, password=password)
