"""Who may import whom: the seven contracts of pyproject.toml hold, and leave nobody out."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
APPS = ("debtors", "contacts", "dunning")
# Modules by which a program speaks to the world, and which import-linter cannot tell from their package.
WAYS_OUT = {"urllib.request", "http.client", "django.core.mail"}


def test_the_seven_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    assert "7 kept, 0 broken" in done.stdout


def test_every_part_of_the_wiring_is_under_the_first_contract() -> None:
    named = {name.strip() for layer in CONTRACTS[0]["layers"] for name in layer.split(":")}
    parts = {
        f"collections_crm.{path.stem}"
        for path in (ROOT / "collections_crm").iterdir()
        if path.stem not in {"__init__", "__pycache__", "locale"} and (path.suffix == ".py" or path.is_dir())
    }

    assert parts - named == set()


@pytest.mark.parametrize("app", APPS)
def test_only_the_channels_know_a_way_out(app: str) -> None:
    doors = {"channels", "banks"}
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / app).rglob("*.py")
        if not doors & set(path.parts) and WAYS_OUT & _imported(path)
    }

    assert found == set()


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names
