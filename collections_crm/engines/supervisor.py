"""Keeps one cluster of the embedded engine alive, and starts it anew when it is dead or silent.

django-q2 has a weakness that this mends: a worker killed while idle can take the queue's lock with
it, and the cluster then stands still for ever without a word. The schedule rings every minute, so
minutes of silence mean exactly that.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from collections_crm.engines import heartbeat

logger = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0  # between two looks
DRAIN_SECONDS = 25.0  # for tasks at work to end after SIGTERM; containers kill after 30
PR_SET_PDEATHSIG = 1  # from linux/prctl.h
LONGEST_PAUSE = 30.0  # between two starts of a cluster that dies at once
#: How many times the limit of silence a cluster has for its first task: a slow machine starts slowly.
STARTING = 5


def supervise(command: Sequence[str], *, silence_limit: float) -> None:
    """Run `command` until SIGTERM or SIGINT, again whenever it ends or is silent for `silence_limit` seconds.

    Before its first task it may be silent five times as long. The cluster lives in a session of its
    own and only its main process is sent SIGTERM: signalled as a whole group it hangs.
    """
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, lambda *_: stop.set())
    pause = 1.0
    with tempfile.TemporaryDirectory(prefix="collections-crm-worker-") as name:
        folder = Path(name)
        while not stop.is_set():
            began = time.monotonic()
            _one_life(command, folder=folder, stop=stop, silence_limit=silence_limit)
            pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            stop.wait(pause)


def _one_life(command: Sequence[str], *, folder: Path, stop: threading.Event, silence_limit: float) -> None:
    heartbeat.begin(folder)
    environment = os.environ | {heartbeat.FOLDER_VARIABLE: str(folder)}
    cluster = subprocess.Popen(  # noqa: S603 - our own words
        command,
        env=environment,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads here
    )
    while cluster.poll() is None and not stop.wait(LOOK_SECONDS):
        silence = heartbeat.silence_seconds(folder)
        if silence > silence_limit * (1 if heartbeat.has_worked(folder) else STARTING):
            logger.error("cluster silent, started anew", seconds=round(silence))
            _kill_group(cluster)
    if not stop.is_set():
        logger.error("cluster ended", status=cluster.poll())
    _end(cluster)


def _end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is killed; only Linux can be asked."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(cluster: "subprocess.Popen[bytes]") -> None:
    """Let the tasks at work end, then make sure that no process of the cluster is left."""
    if cluster.poll() is None:
        cluster.terminate()
        try:
            cluster.wait(DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            logger.warning("cluster did not end in time, killed", seconds=DRAIN_SECONDS)
    _kill_group(cluster)


def _kill_group(cluster: "subprocess.Popen[bytes]") -> None:
    # Nobody left is fine; macOS says PermissionError for a group whose leader is dead.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(cluster.pid, signal.SIGKILL)
    cluster.wait()
