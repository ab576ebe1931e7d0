"""The set-up: one script that finds or makes everything, and is silent when there is nothing to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in a folder with a space in its name, with a uv that only writes down what it is asked."""
    clone = tmp_path / "a clone"
    (clone / "scripts").mkdir(parents=True)
    for name in ("requirements.lock", ".python-version", "Makefile", "scripts/bootstrap"):
        shutil.copy(ROOT / name, clone / name)
    (clone / "fake-uv").write_text(FAKE_UV)
    (clone / "fake-uv").chmod(0o755)
    return clone


# Makes a .venv whose Python is the one the tests run on, which holds every package already.
FAKE_UV = f"""#!/bin/sh
echo "$*" >>"$(dirname "$0")/asked"
case "$1 $2" in
"python find") exit 1 ;;
"venv --quiet")
    mkdir -p .venv/bin
    printf '#!/bin/sh\\nexec {ROOT}/.venv/bin/python "$@"\\n' >.venv/bin/python
    chmod +x .venv/bin/python ;;
"pip sync") [ "$3" = --help ] || [ ! -e fail-sync ] ;;
esac
"""


def _setup(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    world = {"PATH": SYSTEM_PATH, "HOME": os.environ["HOME"], "UV": str(clone / "fake-uv")}
    return subprocess.run(
        ["sh", "scripts/bootstrap"], cwd=clone, env=world | environment, capture_output=True, text=True
    )


def _asked(clone: Path) -> str:
    return (clone / "asked").read_text() if (clone / "asked").exists() else ""


def test_the_packages_are_installed_from_the_lock_and_nothing_else(clone: Path) -> None:
    done = _setup(clone)

    assert done.returncode == 0, done.stderr
    assert "pip sync --quiet --require-hashes --python .venv/bin/python requirements.lock" in _asked(clone)


def test_the_second_call_asks_nobody(clone: Path) -> None:
    _setup(clone)
    (clone / "asked").unlink()

    done = _setup(clone)

    assert (done.returncode, done.stderr, _asked(clone)) == (0, "", "")


def test_a_changed_lock_is_brought_in_without_making_the_venv_anew(clone: Path) -> None:
    _setup(clone)
    (clone / "asked").unlink()
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")

    _setup(clone)

    assert "pip sync --quiet" in _asked(clone)
    assert "venv --quiet" not in _asked(clone)


def test_a_half_made_venv_is_made_anew(clone: Path) -> None:
    (clone / "fail-sync").touch()
    broken = _setup(clone)
    (clone / "fail-sync").unlink()
    (clone / "asked").unlink()

    done = _setup(clone)

    assert broken.returncode == 1
    assert "the first set-up needs the internet" in broken.stderr
    assert done.returncode == 0
    assert "venv --quiet" in _asked(clone)


def test_an_interpreter_too_old_is_passed_over(clone: Path) -> None:
    shim = clone / "shims"
    shim.mkdir()
    (shim / "python3.13").write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    (shim / "python3.13").chmod(0o755)

    done = _setup(clone, PATH=f"{shim}:{SYSTEM_PATH}", PYENV_VERSION="3.8.18")

    assert done.returncode == 0, done.stderr
    assert str(shim) not in _asked(clone)


def test_make_works_from_another_folder(clone: Path, tmp_path: Path) -> None:
    world = {"PATH": SYSTEM_PATH, "HOME": os.environ["HOME"], "UV": str(clone / "fake-uv")}

    done = subprocess.run(
        ["make", "-C", clone, "setup"], cwd=tmp_path, env=world, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert (clone / ".venv/.complete").exists()


def test_help_names_every_target_a_person_may_want() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout

    for target in ("setup", "demo", "test", "lint", "bench", "faults", "deep", "messages"):
        assert f"make {target} " in shown


def test_whoever_may_not_install_is_told_in_one_sentence_what_is_missing(tmp_path: Path) -> None:
    tools = ["sh", "tr", "ls", "grep", "cat", "env"]
    for name in tools:
        (tmp_path / name).symlink_to(str(shutil.which(name, path=SYSTEM_PATH)))
    for name, does in {
        "id": "echo 1000",
        "sudo": "exit 1",
        "apt-get": "exit 1",
        "apt-cache": "exit 1",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)

    done = subprocess.run(
        [str(tmp_path / "sh"), str(ROOT / "scripts" / "ensure_packages"), "redis", "gettext"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "tests: please install what they need: sudo apt-get install redis-server gettext \n"
    )
