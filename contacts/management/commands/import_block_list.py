"""Import a do-not-call register from the command line: `import_block_list FILE --name NAME`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import reasons
from contacts.models import BlockList
from contacts.services import block_lists
from contacts.vocabulary import Channel

LINES_SHOWN = 100


class Command(BaseCommand):
    """Replace the numbers of one list by those of a file, or say which lines are wrong and change nothing."""

    help = str(
        gettext_lazy("Imports a do-not-call list, one number a line. The same file twice changes nothing.")
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", required=True, help="of the list; made if there is none of that name")
        parser.add_argument("--law", default="", help="the law it stands on")
        parser.add_argument("--source", default="", help="where it comes from")
        parser.add_argument(
            "--channels", nargs="+", choices=Channel.values, help="what it binds; every channel if left out"
        )
        parser.add_argument("--reason", default="", help="why, where it binds fewer channels or numbers now")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of what is said: pt-br or en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file; raises CommandError (exit status 1) where that cannot be done."""
        with translation.override(options["language"]):
            register = BlockList.objects.filter(name=options["name"]).first() or BlockList(
                name=options["name"]
            )
            register.law = options["law"] or register.law
            register.source = options["source"] or register.source
            if options["channels"]:
                register.channels = sorted(options["channels"])
            self._take_in(register, file=options["file"], reason=options["reason"])

    def _take_in(self, register: BlockList, *, file: Path, reason: str) -> None:
        try:
            content = file.read_bytes()
            taken = block_lists.take_in(
                register, content=content, file_name=file.name, by=None, now=timezone.now(), reason=reason
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except block_lists.EmptyListError:
            raise CommandError(_("There is no number in this file.")) from None
        except block_lists.ReasonMissingError:
            raise CommandError(_("Write why: fewer channels, or many numbers less, than now.")) from None
        except block_lists.WrongLinesError as error:
            lines = reasons.wrong_lines(error.errors, most=LINES_SHOWN)
            raise CommandError("\n".join([*lines, _("Nothing was imported.")])) from None
        said = ngettext(
            "%(name)s: %(size)d number now, %(added)d new, %(removed)d taken out.",
            "%(name)s: %(size)d numbers now, %(added)d new, %(removed)d taken out.",
            register.size,
        )
        counts = {"size": register.size, "added": taken.added, "removed": taken.removed}
        self.stdout.write(said % (counts | {"name": register.name}))
