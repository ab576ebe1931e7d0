"""A worker at previews, as the engines run them: told to by a line, it works, and answers by a line."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def main() -> None:
    """Work out what there is at each line that comes, at the bench's own hour."""
    import django

    django.setup()
    from contacts.services import previewing
    from tests.bench import office

    for _line in sys.stdin:
        while previewing.work(clock=lambda: office.NOW):
            pass
        print("nothing is left", flush=True)


if __name__ == "__main__":
    main()
