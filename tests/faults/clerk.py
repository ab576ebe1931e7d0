"""An office's clerk: sets Django up once, and forks itself for each piece of Python it is given to run.

Starting a process costs a second of computing, a fork nothing; both begin without a connection.
Reads orders as lines of JSON, `{"code": …, "says": …}`, the second being the file that what is printed
goes to; answers each by how it ended.
"""

import json
import os
import sys
import traceback
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from tests.faults import bells

    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _run(order["code"], says=order["says"], known={"__name__": "__main__", "bells": bells})
        _pid, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(code: str, *, says: str, known: dict[str, object]) -> None:
    """Run the code with its own output, and end without the parent's own endings."""
    sys.stdin.close()
    with Path(says).open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    status = 0
    try:
        exec(code, known)
    except BaseException:  # noqa: BLE001 - a fork must never go on into its parent's code
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
