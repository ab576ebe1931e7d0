"""Take in a file of payments from the command line: `import_payments FILE --creditor CNPJ`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_crm.lib import money, tax_ids
from debtors import import_reasons
from debtors.models import Creditor
from debtors.services import ledger, payment_files
from debtors.services.payment_files import Report
from debtors.services.reading_files import UnreadableFileError


class Command(BaseCommand):
    """Check, report every wrong row, then record all payments, the good ones, or none."""

    help = "Records the payments of a CSV or XLSX file. The same file twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--creditor", required=True, help="CNPJ or CPF of the creditor, or his brand")
        parser.add_argument("--only-good", action="store_true", help="record the good rows, leave the others")
        parser.add_argument("--check", action="store_true", help="report only, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        creditor = creditor_named(options["creditor"])
        try:
            content = options["file"].read_bytes()
            report = payment_files.check(content, creditor=creditor, on=timezone.localdate())
            self._tell(report)
            if options["check"]:
                return
            report = payment_files.take_in(
                content,
                creditor=creditor,
                only_good=options["only_good"],
                recorded_by=None,
                now=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except UnreadableFileError as error:
            raise CommandError(import_reasons.sentence(error.code, error.params)) from None
        except (payment_files.RowsAreWrongError, ledger.PaymentConflictError):
            raise CommandError(_("Nothing was recorded: mend the rows above, or use --only-good.")) from None
        told = {"count": len(report.new), "amount": money.format_brl(report.new_cents)}
        self.stdout.write(_("Payments recorded: %(count)s, %(amount)s.") % told)

    def _tell(self, report: Report) -> None:
        for error in report.errors:
            sentence = import_reasons.sentence(error.code, error.params)
            place = {"line": error.line, "column": error.column, "value": error.value}
            self.stdout.write(_("Line %(line)s, column %(column)s, “%(value)s”: ") % place + sentence)
        counts = {"new": len(report.new), "known": report.known_count, "wrong": report.wrong_row_count}
        self.stdout.write(
            _("Payments: %(new)s new, %(known)s recorded before; rows wrong: %(wrong)s.") % counts
        )
        if report.unplaced:
            waiting = {"count": len(report.unplaced)}
            self.stdout.write(_("Of payers nobody knows, to be matched: %(count)s.") % waiting)


def creditor_named(text: str) -> Creditor:
    """Return the creditor of a CNPJ, CPF or brand; raises CommandError when there is no such one."""
    number = tax_ids.parse(text).number if tax_ids.is_valid(text) else ""
    found = Creditor.objects.filter(tax_id=number) if number else Creditor.objects.filter(brand__iexact=text)
    if len(found) != 1:
        raise CommandError(
            _("There is no creditor “%(text)s”: give its CNPJ, CPF or brand.") % {"text": text}
        )
    return found[0]
