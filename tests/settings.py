"""The settings under test: the product's own, on databases and folders that nobody else uses.

pytest reads this before any conftest. The environment is set here and not only the settings, so
that processes started by a test (workers, servers, commands) live in the same world.
"""

import atexit
import os
import shutil
import tempfile

os.environ["ENV_FILE"] = os.devnull  # a developer's own .env must never make a test send anything
os.environ["SMS_CHANNEL"] = os.environ["EMAIL_CHANNEL"] = "sandbox"
# A test whose clock stands still would wait for ever for a sender's next slot.
os.environ |= dict.fromkeys(["SMS_PER_MINUTE", "WHATSAPP_PER_MINUTE", "EMAIL_PER_MINUTE"], "0")
if "TESTS_VAR_DIR" not in os.environ:
    os.environ["TESTS_VAR_DIR"] = tempfile.mkdtemp(prefix="collections-crm-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_VAR_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["TESTS_VAR_DIR"]
os.environ.setdefault("LOG_FORMAT", "console")

from collections_crm.settings import *  # noqa: F403
from collections_crm.settings import DATABASES, TASK_BACKENDS, VAR_DIR

PDF_SECONDS = 60.0  # several suites may share the machine
TASK_ENGINE = "immediate"
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASK_ENGINE]}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # do not list every vendored file for each test process
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # threads need a file
    DATABASES["default"]["OPTIONS"]["timeout"] = 120  # twenty threads in a row, on a machine that is slow
