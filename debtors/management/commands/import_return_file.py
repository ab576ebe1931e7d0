"""Book a bank's return file from the command line: `import_return_file FILE --creditor CNPJ`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_crm.lib import money
from debtors import import_reasons
from debtors.management.commands.import_payments import creditor_named
from debtors.models import BankFile
from debtors.services import bank_files
from debtors.services.reading_files import UnreadableFileError
from debtors.vocabulary import ImportState


class Command(BaseCommand):
    """Read the file, say what it would change, then book it; killed half-way, the same call goes on."""

    help = "Books the payments of a return file (CNAB 240 or 400). The same file twice books nothing twice."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--creditor", required=True, help="CNPJ or CPF of the creditor, or his brand")
        parser.add_argument("--check", action="store_true", help="report only, book nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        creditor, now = creditor_named(options["creditor"]), timezone.now()
        try:
            content = options["file"].read_bytes()
            file = bank_files.look(
                content, file_name=options["file"].name, creditor=creditor, created_by=None, now=now
            )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except UnreadableFileError as error:
            raise CommandError(import_reasons.sentence(error.code, error.params)) from None
        self._tell(file)
        if file.state == ImportState.REFUSED:
            raise CommandError(_("Nothing was booked: the file did not arrive whole, or tells of no slip."))
        if options["check"]:
            bank_files.put_away(file, now=now)
            return
        done = bank_files.book(file, now=now)
        told = {"count": done.counts["matched"], "amount": money.format_brl(done.counts["matched_cents"])}
        self.stdout.write(_("Payments recorded: %(count)s, %(amount)s.") % told)

    def _tell(self, file: BankFile) -> None:
        for error in file.errors:
            sentence = import_reasons.sentence(error["code"], error["params"])
            place = {"line": error["line"], "column": error["column"], "value": error["value"]}
            self.stdout.write(_("Line %(line)s, column %(column)s, “%(value)s”: ") % place + sentence)
        fates = ("matched", "waiting", "known", "conflict")
        counts = {name: file.counts.get(name, 0) for name in fates}
        self.stdout.write(
            _(
                "Money: %(matched)s find their debt, %(waiting)s wait, "
                "%(known)s told before, %(conflict)s otherwise."
            )
            % counts
        )
