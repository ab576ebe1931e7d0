"""Say whether every open case has a next action or a dated hold: `check_next_actions [--bring-back]`."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dunning import queries
from dunning.services import cases

SHOWN = 100


class Command(BaseCommand):
    """Exit status 0 when no case is forgotten, 1 with their ids otherwise."""

    help = str(gettext_lazy("Looks for open cases that nobody and nothing would come back to."))

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--bring-back", action="store_true", help="let the ladder look at them today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and where asked to, mend; raises CommandError when cases stay without a next action."""
        now = timezone.now()
        number = cases.watch_next_actions(now=now)
        if number and options["bring_back"]:
            found = queries.cases_without_next_action(now=now).select_related("debtor")
            self.stdout.write(str(sum(cases.bring_back(case, now=now) for case in list(found))))
            number = queries.cases_without_next_action(now=now).count()
        if number:
            found = queries.cases_without_next_action(now=now).order_by("pk")
            ids = " ".join(map(str, found.values_list("pk", flat=True)[:SHOWN]))
            words = _("%(number)s cases are without a next action: %(ids)s")
            raise CommandError(words % {"number": number, "ids": ids})
        self.stdout.write(_("Every open case has a next action or a dated hold."))
