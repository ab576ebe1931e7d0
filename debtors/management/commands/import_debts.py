"""Import a file of debts from the command line: `import_debts FILE --creditor NAME_OR_TAX_ID`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collections_crm.lib import money, tax_ids
from debtors import import_reasons
from debtors.models import Creditor
from debtors.rules.import_columns import RowError
from debtors.services import importing
from debtors.services.import_plans import Plan
from debtors.services.reading_files import MAX_BYTES, UnreadableFileError

ERRORS_SHOWN = 200


class Command(BaseCommand):
    """Check every row, say what is wrong, then import all rows, the good ones, or none."""

    help = str(gettext_lazy("Imports a CSV or XLSX file of debts. The same file twice changes nothing."))

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--creditor", required=True, help="name, brand, CNPJ or CPF of the creditor")
        parser.add_argument("--portfolio", default="", help="made if there is none of that name")
        parser.add_argument("--only-good", action="store_true", help="import the good rows, leave the others")
        parser.add_argument("--check", action="store_true", help="report only, write nothing")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of the report: pt-br or en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file; raises CommandError (exit status 1) when rows are wrong or nothing can be read."""
        with translation.override(options["language"]):
            try:
                self._import(**options)
            except UnreadableFileError as error:
                raise CommandError(import_reasons.sentence(error.code, error.params)) from None
            except importing.RowsAreWrongError as error:
                self._tell(error.plan)
                raise CommandError(_("Nothing was imported: some rows are wrong.")) from None
            except importing.PortfolioNotNamedError:
                raise CommandError(
                    _("This creditor has several portfolios: name one with --portfolio.")
                ) from None
            except importing.RecordsChangedError:
                raise CommandError(
                    _("Nothing was imported: somebody recorded the same debts just now. Try once more.")
                ) from None

    def _import(
        self, *, file: Path, creditor: str, portfolio: str, only_good: bool, check: bool, **_rest: Any
    ) -> None:
        owner, content, now = _creditor(creditor), _content(file), timezone.now()
        if check:
            plan = importing.look_at(content, creditor=owner, now=now)
            if plan.errors:
                raise importing.RowsAreWrongError(plan)
            self._tell(plan)
            self.stdout.write(_("Nothing is wrong. Nothing was imported: this was a check."))
            return
        plan = importing.import_at_once(
            content,
            file_name=file.name,
            creditor=owner,
            portfolio_name=portfolio,
            only_good=only_good,
            now=now,
        )
        self._tell(plan)
        self.stdout.write(self.style.SUCCESS(_("Imported.")))

    def _tell(self, plan: Plan) -> None:
        """Write every error, then what the good rows hold."""
        for error in plan.errors[:ERRORS_SHOWN]:
            self.stderr.write(_line(error))
        if len(plan.errors) > ERRORS_SHOWN:
            self.stderr.write(_("… and %(count)d more.") % {"count": len(plan.errors) - ERRORS_SHOWN})
        amounts = {
            "amount": money.format_brl(plan.counts["amount_cents"]),
            "paid": money.format_brl(plan.counts["paid_cents"]),
        }
        for sentence in (
            _("Rows: %(good_rows)d good, %(wrong_rows)d wrong."),
            _("Debtors: %(debtors_new)d new, %(debtors_known)d known."),
            _("Debts: %(debts_new)d new, %(debts_known)d known."),
            _("Installments: %(installments_new)d new (%(amount)s), %(installments_known)d known."),
            _("Payments: %(payments_new)d new (%(paid)s), %(payments_known)d known."),
        ):
            self.stdout.write(sentence % {**plan.counts, **amounts})
        if plan.ignored_titles:
            self.stdout.write(_("Columns not used:") + " " + ", ".join(plan.ignored_titles))


def _line(error: RowError) -> str:
    where = _("Line %(line)d, column %(column)s, “%(value)s”:") % {
        "line": error.line,
        "column": error.column or "–",
        "value": error.value,
    }
    return f"{where} {import_reasons.sentence(error.code, error.params)}"


def _content(file: Path) -> bytes:
    """Return the bytes of the file, without reading one that is too large anyway."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UnreadableFileError("file_too_large", most=str(MAX_BYTES // 2**20))
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None


def _creditor(text: str) -> Creditor:
    """Return the creditor of that CNPJ, CPF, legal name or brand."""
    number = tax_ids.parse(text).number if tax_ids.is_valid(text) else text
    found = Creditor.objects.filter(Q(tax_id=number) | Q(name__iexact=text) | Q(brand__iexact=text))
    if len(found) == 1:
        return found[0]
    known = ", ".join(Creditor.objects.values_list("brand", flat=True)) or "–"
    raise CommandError(
        _("There is no one creditor “%(text)s”. Known are: %(known)s.") % {"text": text, "known": known}
    )
