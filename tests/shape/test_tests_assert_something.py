"""Every test can fail: it asserts something, itself or through a function of its own file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests").rglob("test_*.py"))
#: Calls that fail by themselves when what they say is not so.
SAYING = {"raises", "warns", "expect", "fail", "validate", "wait_for_function", "run_state_machine_as_test"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "tests")))
def test_every_test_of_the_file_asserts_something(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert [name for name, asserts in judged(tree) if not asserts] == []


@pytest.mark.parametrize(
    ("body", "asserts"),
    [
        ("assert one()", True),
        ("for each in every:\n        assert each", True),
        ("with pytest.raises(ValueError):\n        one()", True),
        ("expect(page).to_have_title('x')", True),
        ("django_assert_num_queries(3)", True),
        ("says_so()", True),
        ("says_so_in_turn()", True),
        ("for_each(says_so)", True),
        ("self.says_so()", True),
        ("one()", False),
        ("silent()", False),
        ("helper_of_another_file()", False),
        ("def inner():\n        assert True\n    one()", False),
    ],
)
def test_what_counts_as_asserting(body: str, asserts: bool) -> None:
    source = (
        "def says_so():\n    assert True\n"
        "def says_so_in_turn():\n    says_so()\n"
        "def silent():\n    silent()\n"
        f"def test_it(django_assert_num_queries):\n    {body}\n"
    )

    assert list(judged(ast.parse(source))) == [("test_it", asserts)]


def judged(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Return each test function of a file and whether it asserts, methods of test classes too."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for name, function in functions.items():
        if name.startswith("test"):
            yield name, _asserts(function, functions=functions, seen=set())


def _asserts(function: ast.FunctionDef, *, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    """Say whether a function asserts, or calls one of the same file which does."""
    seen.add(function.name)
    for node in _of_its_own(function):
        if isinstance(node, ast.Assert):
            return True
        called = _name(node.func) if isinstance(node, ast.Call) else ""
        if called in SAYING or called.removeprefix("django_").startswith("assert_"):
            return True
        named = node.id if isinstance(node, ast.Name) else called
        helper = functions.get(named)  # called, or handed on to be called
        if helper and named not in seen and _asserts(helper, functions=functions, seen=seen):
            return True
    return False


def _of_its_own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Walk a function's body without the functions defined inside it, which may never be called."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
