"""Walks the URLconf, finds the address of a row of the office, and asks for it as somebody."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from contacts.models import (
    ContactPolicy,
    Letter,
    LetterBatch,
    PhoneCall,
    PolicyPreview,
    PolicyProposal,
    Refusal,
    Sender,
    Template,
)
from contacts.services import links
from contacts.vocabulary import PolicyState
from debtors.models import EscalationFile, User
from debtors.services import pay_links, proposal_links
from dunning.models import SavedView
from tests.shape.office import ABSENT, Corner, Office

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


def ask(
    office: Office, role: str, method: str, address: str, *, enforce_csrf_checks: bool = False
) -> HttpResponse:
    """Ask, and take back whatever asking wrote; asking by GET writes nothing, or this fails."""
    client = office.client(role, enforce_csrf_checks=enforce_csrf_checks)
    if method == "GET":
        with connection.execute_wrapper(only_reading):
            return client.get(address)
    with transaction.atomic():
        response = client.post(address)
        transaction.set_rollback(True)
    return response


def only_reading(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let a query of the database through unless it writes."""
    assert sql.lstrip("( \n").startswith(
        ("SELECT", 'EXECUTE "read_', "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
    ), sql
    return execute(sql, params, many, context)


def address_of(name: str, corner: Corner | None) -> str:
    """Return the address of what belongs to a corner, or of what does not exist."""
    if name == "admin:app_list":  # its placeholder is one of a few words
        return reverse(name, args=["debtors"])
    placeholders = PLACEHOLDER.findall(ROUTES[name])
    return reverse(name, kwargs={each: _id(name, each, corner) for each in placeholders})


def _id(name: str, placeholder: str, corner: Corner | None) -> int | str:
    if corner is None or name == "admin:view_on_site":
        return ABSENT
    if name == "contacts:close_finding":
        return apps.get_model("contacts", "Finding")._default_manager.get().pk
    if placeholder == "token" and name.startswith("pay"):
        return pay_links.token_of(corner.request.pk)
    if placeholder == "token" and name.startswith("proposal"):
        return proposal_links.token_of(corner.agreement.pk)
    if placeholder == "token":
        return links.token_of(corner.debtor.contacts.order_by("pk")[0].pk)
    if name.startswith("admin:"):
        return _row_in_the_admin(name)
    own = {
        "debtor_id": corner.debtor,
        "contact_id": corner.debtor.contacts.all()[0],
        "creditor_id": corner.creditor,
        "payment_id": corner.payment,
        "agreement_id": corner.agreement,
        "arrival_id": corner.arrival,
        "file_id": corner.file,
        "transit_id": corner.transit,
        "request_id": corner.request,
        "debt_id": corner.debtor.debts.order_by("pk")[0],
        "export_id": EscalationFile.objects.order_by("pk")[0],
        "run_id": corner.run,
        "point": corner.debtor.points.all()[0],
        "version": User(pk=1),  # policies are asked for by their version
        "draft_id": ContactPolicy.objects.get(state=PolicyState.DRAFT),
        "call_id": PhoneCall.objects.filter(attempt__contact__debtor=corner.debtor)[0],
        "letter_id": Letter.objects.all()[0],
        "batch_id": LetterBatch.objects.all()[0],
        "colleague_id": User.objects.get(username="administrator"),
        "text_id": Template.objects.all()[0],
        "sender_id": Sender.objects.all()[0],
        "refusal_id": Refusal.objects.get(value__in=corner.debtor.points.values("value")),
        "proposal_id": PolicyProposal.objects.get(),
        "view_id": SavedView.objects.get(query=f"portfolio={corner.portfolio.pk}"),
        "preview_id": PolicyPreview.objects.get(),
        "pk": {
            "contacts:lift_hold": corner.hold,
            "debtors:doubt_again": corner.doubt,
            "contacts:withdraw_opt_out": corner.opt_out,
            "contacts:take_back_consent": corner.debtor.consents.all()[0],
            "contacts:end_preference": corner.preference,
            "contacts:point": corner.debtor.points.all()[0],
        }.get(name, corner.case if name.startswith("dunning:") else corner.debtor),
    }
    return own[placeholder].pk


def _row_in_the_admin(name: str) -> int:
    if name == "admin:auth_user_password_change":
        return User.objects.get(username="administrator").pk
    app, model, _page = name.removeprefix("admin:").split("_")
    return apps.get_model(app, model)._default_manager.order_by("pk")[0].pk


def addresses(
    patterns: Iterable[URLPattern | URLResolver] | None = None, *, space: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    """Return the name and route of every address there is; the name of a nameless one ends with a colon."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, space=inner, before=route)
        else:
            yield (space + each.name if each.name else space or ":"), route


ROUTES = dict(addresses())
NAMES = [name for name in ROUTES if not name.endswith(":")]
