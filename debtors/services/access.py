"""What a colleague settles for himself, and the roles a house has."""

from django.contrib.auth.models import Group, Permission

from debtors.models import User

AGENT, MANAGER = "agent", "manager"


def choose_language(user: User, *, language: str) -> None:
    """Keep the language in which the user reads the product."""
    User.objects.filter(pk=user.pk).update(language=language)


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
