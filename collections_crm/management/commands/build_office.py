"""Build a small invented office: people, policy, ladder, debtors, and some weeks of history."""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_crm.office import history, invented, people
from contacts.services import defaults as contact_defaults
from contacts.services import runs
from debtors.models import Debtor, Portfolio, User
from debtors.services import importing
from dunning.models import Case
from dunning.services import defaults, round, weighing

DEBTORS, DAYS = 60, 21
SMALL_DEBTORS, SMALL_DAYS = 12, 6


class Command(BaseCommand):
    """Build the office where it is missing; passwords are made anew at every run."""

    help = str(gettext_lazy("Builds a small invented office. Running it again only makes new passwords."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins-file", type=Path, required=True, help="where the logins are written")
        parser.add_argument("--small", action="store_true", help="a dozen debtors and a week of history")

    def handle(self, *_args: object, **options: object) -> None:
        """Do it in one transaction: an office half built is none."""
        size = (SMALL_DEBTORS, SMALL_DAYS) if options["small"] else (DEBTORS, DAYS)
        with transaction.atomic():
            logins = build(debtors=size[0], days=size[1], now=timezone.now())
        runs.end(now=timezone.now())  # it sent what the office sent in its first weeks
        _keep(logins, file=Path(str(options["logins_file"])))
        counts = {"debtors": Debtor.objects.count(), "cases": Case.objects.count()}
        self.stdout.write(_("%(debtors)d debtors, %(cases)d cases") % counts)


def build(*, debtors: int, days: int, now: datetime) -> list[people.Login]:
    """Put everything in place that is missing, and return the logins."""
    people.set_up_roles()
    logins = people.set_up_colleagues()
    beginning = now - timedelta(days=days + 1)
    contact_defaults.ship(now=beginning)
    defaults.ship()
    portfolio, is_new = people.set_up_portfolio()
    if is_new:
        _fill(portfolio, debtors=debtors, days=days, now=now)
    round.go(now=now)
    weighing.weigh_again(now=now)  # days have passed since the cases were opened
    return logins


def _fill(portfolio: Portfolio, *, debtors: int, days: int, now: datetime) -> None:
    """Import the debtors as of some weeks ago, and live through the time since."""
    importing.import_at_once(
        invented.debts_file(debtors=debtors, today=timezone.localdate(now)),
        file_name="carteira.csv",
        creditor=portfolio.creditor,
        portfolio_name=portfolio.name,
        only_good=False,
        now=now - timedelta(days=days + 1),
    )
    agent = User.objects.get(username=people.COLLEAGUES[0][0])
    history.live_through(creditor=portfolio.creditor, agent=agent, days=days, now=now)


def _keep(logins: list[people.Login], *, file: Path) -> None:
    """Write the logins for their owner's eyes only."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump([asdict(login) for login in logins], out)
