"""What a colleague settles for himself, and the roles a house has."""

import structlog
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied

from debtors.models import User
from debtors.rules.authority import Authority

logger = structlog.get_logger(__name__)

AGENT, SUPERVISOR, MANAGER = "agent", "supervisor", "manager"
MAY_SET_PHONES = "debtors.change_agent_phone"
MAY_NEGOTIATE = "debtors.negotiate_agreement"
MAY_APPROVE = "debtors.approve_agreement"
MAY_APPROVE_ALL = "debtors.approve_any_agreement"


def user_of(who: object) -> User:
    """Return the colleague who asks, of a request's user; `login_required` has made sure there is one."""
    assert isinstance(who, User)  # noqa: S101
    return who


def choose_language(user: User, *, language: str) -> None:
    """Keep the language in which the user reads the product."""
    User.objects.filter(pk=user.pk).update(language=language)


def set_phone(colleague: User, *, phone: str, by: User) -> None:
    """Keep the telephone that rings first when a call is placed for a colleague; empty takes it away.

    `phone` is E.164. Raises PermissionDenied.
    """
    if not by.has_perm(MAY_SET_PHONES):
        raise PermissionDenied(MAY_SET_PHONES)
    User.objects.filter(pk=colleague.pk).update(phone=phone)
    logger.info("telephone of a colleague changed", colleague=colleague.pk, by=by.pk)


def authority_of(user: User) -> Authority:
    """Return how far the user may go by himself when he agrees on something."""
    if user.has_perm(MAY_APPROVE_ALL):
        return Authority.MANAGER
    return Authority.SUPERVISOR if user.has_perm(MAY_APPROVE) else Authority.AGENT


def set_up_roles(*, permissions: dict[str, set[str]]) -> None:
    """Make the groups named in `permissions` hold exactly those permissions ("app.codename")."""
    for name, wanted in permissions.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(_named(wanted))


def _named(wanted: set[str]) -> list[Permission]:
    found = {
        f"{app}.{code}": pk
        for pk, app, code in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    return list(Permission.objects.filter(pk__in=[found[name] for name in wanted]))
