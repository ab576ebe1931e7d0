"""The settings of the server that the bench clicks on: the product's, at the bench's own hour."""

import time_machine

from collections_crm.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.served_addresses"
ALLOWED_HOSTS = ["127.0.0.1"]
#: office.NOW, when everybody may be called; that module needs Django, which reads this one first.
time_machine.travel("2026-11-18T15:00:00+00:00", tick=True).start()
