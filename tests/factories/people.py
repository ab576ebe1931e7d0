"""Colleagues: an agent of the house portfolio, a manager."""

import itertools
from collections.abc import Iterable

from django.contrib.auth.models import Permission

from debtors.models import Portfolio, User
from tests.factories.debtors import house_portfolio

_numbers = itertools.count(1)


def make_agent(
    *,
    username: str = "",
    portfolios: Iterable[Portfolio] | None = None,
    permissions: Iterable[str] = ("work_queue",),
) -> User:
    """Return an agent of the given portfolios, of the house's own when none are named."""
    user = _make_user(username or f"agent{next(_numbers)}", permissions=permissions)
    for portfolio in [house_portfolio()] if portfolios is None else portfolios:
        portfolio.agents.add(user)
    return user


def make_manager(*, username: str = "", permissions: Iterable[str] | None = None) -> User:
    """Return a manager; he holds every permission of the three apps unless some are named."""
    user = _make_user(username or f"manager{next(_numbers)}", permissions=permissions or ())
    if permissions is None:
        ours = Permission.objects.filter(content_type__app_label__in=["debtors", "contacts", "dunning"])
        user.user_permissions.set(ours)
    return user


def _make_user(username: str, *, permissions: Iterable[str]) -> User:
    user = User.objects.create_user(username=username, password=None, first_name=username.title())
    user.user_permissions.set(Permission.objects.filter(codename__in=list(permissions)))
    return user
