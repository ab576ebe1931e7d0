"""Take in the rates of an index from the command line: `import_index FILE --index ipca`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from debtors import import_reasons
from debtors.services import index_rates
from debtors.services.index_rates import RatesAreWrongError
from debtors.services.reading_files import UnreadableFileError
from debtors.vocabulary import PriceIndex


class Command(BaseCommand):
    """Take in all months of a file, or none and say what is wrong with it."""

    help = "Takes in the monthly rates of an index. The same file twice changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--index", required=True, choices=[index.value for index in PriceIndex])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            index = PriceIndex(options["index"])
            taken = index_rates.take_in(content, index=index, by=None, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except UnreadableFileError as error:
            raise CommandError(import_reasons.sentence(error.code, error.params)) from None
        except RatesAreWrongError as error:
            for each in error.errors:
                place = {"line": each.line, "column": each.column, "value": each.value}
                sentence = import_reasons.sentence(each.code, each.params)
                self.stdout.write(_("Line %(line)s, column %(column)s, “%(value)s”: ") % place + sentence)
            raise CommandError(_("Nothing was taken in: mend the rows above.")) from None
        counts = {"new": len(taken.new), "known": taken.known_count}
        self.stdout.write(_("Months: %(new)s new, %(known)s known before.") % counts)
