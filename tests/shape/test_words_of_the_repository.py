"""What no file of the repository says: where somebody's machine keeps things, and what is left for later."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OTHERS_WORK = ("static/vendor/", "tests/vendor/", "tests/data/compose/")
#: Spelt in halves, so that this file itself holds none of them.
SAYINGS = {
    "a path of one machine": r"(?<![\w./-])/(?:wo" r"rk|ro" r"ot)/",
    "a package registry": r"py" r"pi\.org|python" r"hosted\.org|registry\.npm" r"js\.org|npm" r"mirror",
    "something left for later": r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b",
}


def tracked() -> list[Path]:
    """Return the files of the repository that are text and our own."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = (name for name in names.stdout.split("\0") if name and not name.startswith(OTHERS_WORK))
    return [ROOT / name for name in found if (ROOT / name).is_file()]


FILES = tracked()


@pytest.mark.parametrize("what", SAYINGS)
def test_no_file_says(what: str) -> None:
    found = [f"{path.relative_to(ROOT)}: {said}" for path in FILES for said in said_in(path, SAYINGS[what])]

    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "cd /wo" + "rk/main"),
        ("a path of one machine", "'/ro" + "ot/.ssh'"),
        ("a package registry", "https://files.python" + "hosted.org/x"),
        ("something left for later", "# TO" + "DO: mend"),
    ],
)
def test_the_words_are_recognized(what: str, line: str) -> None:
    assert re.search(SAYINGS[what], line)


def test_whoever_leaves_out_a_test_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")
        for node in skips_of(ast.parse(path.read_text()))
        if not _has_reason(node)
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("source", "is_silent"),
    [
        ("@pytest.mark.skip\ndef test_it(): ...", True),
        ("@pytest.mark.skipif(slow)\ndef test_it(): ...", True),
        ("@pytest.mark.skipif(slow, reason='it is slow')\ndef test_it(): ...", False),
        ("pytest.skip()", True),
        ("pytest.skip('no such program here')", False),
        ("@pytest.mark.xfail\ndef test_it(): ...", True),
    ],
)
def test_what_counts_as_a_reason(source: str, is_silent: bool) -> None:
    assert [not _has_reason(node) for node in skips_of(ast.parse(source))] == [is_silent]


def said_in(path: Path, pattern: str) -> Iterator[str]:
    """Return the lines of a file that match; a file that is no text says nothing."""
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    for line in text.splitlines():
        if re.search(pattern, line):
            yield line.strip()[:100]


def skips_of(tree: ast.Module) -> Iterator[ast.Attribute | ast.Call]:
    """Return every skip, skipif and xfail of pytest, with its arguments if it has any."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        inner = node.func if isinstance(node, ast.Call) else node
        if isinstance(inner, ast.Attribute) and inner.attr in {"skip", "skipif", "xfail"}:
            is_pytests = ast.unparse(inner.value) in {"pytest", "pytest.mark", "mark"}
            if is_pytests and id(node) not in called:
                yield node  # type: ignore[misc]


def _has_reason(node: ast.Attribute | ast.Call) -> bool:
    if isinstance(node, ast.Attribute):
        return False
    is_call_of_skip = node.func.attr == "skip" and bool(node.args)  # type: ignore[attr-defined]
    return is_call_of_skip or any(keyword.arg == "reason" and keyword.value for keyword in node.keywords)
