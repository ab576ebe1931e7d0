"""The product's web server as it is run, on the bench's settings, and browsers that ask it things."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.servers import free_port

STARTING_SECONDS = 60


@contextmanager
def served(**environment: str) -> Iterator[int]:
    """Run gunicorn as the product's file has it; give its port."""
    port = free_port()
    told = {"DJANGO_SETTINGS_MODULE": "tests.bench.served", "PORT": str(port), "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "gunicorn", "collections_crm.wsgi", "--log-level", "error"]
    with subprocess.Popen(command, env=os.environ | told | environment) as server:
        try:
            deadline = time.monotonic() + STARTING_SECONDS
            while not _answers(port):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def ask(
    to: http.client.HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: str = ""
) -> http.client.HTTPResponse:
    """Return the answer, read to its end."""
    to.request(method, path, body=body, headers=dict(headers))
    answer = to.getresponse()
    answer.read()
    return answer


def _answers(port: int) -> bool:
    try:
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "GET", "/health/live/", {})
    except OSError:
        return False
    return True
