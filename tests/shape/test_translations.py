"""The check of translations sees what is missing, what is unsure and what was not compiled."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADING = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree like ours whose only text is «Good morning»."""
    for folder in ("collections_crm", "debtors", "contacts", "dunning", "templates", "scripts"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts/check_translations", tmp_path / "scripts")
    (tmp_path / "collections_crm/words.py").write_text('WORDS = _("Good morning")\n')
    return tmp_path


def _translate(tree: Path, entry: str, *, is_compiled: bool = True) -> None:
    catalogue = tree / "locale/pt_BR/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_text(HEADING + entry)
    if is_compiled:
        subprocess.run(["msgfmt", "-o", catalogue.with_suffix(".mo"), catalogue], check=True)


def _check(tree: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "scripts/check_translations"], cwd=tree, capture_output=True, text=True
    )
    return done.returncode, done.stdout.strip()


def test_a_translated_and_compiled_tree_passes(tree: Path) -> None:
    _translate(tree, 'msgid "Good morning"\nmsgstr "Bom dia"\n')

    assert _check(tree) == (0, "")


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("", 'without Portuguese: msgid "Good morning"'),
        ('msgid "Good morning"\nmsgstr ""\n', 'without Portuguese: msgid "Good morning"'),
        ('#, fuzzy\nmsgid "Good morning"\nmsgstr "Boa noite"\n', 'marked as unsure: msgid "Good morning"'),
    ],
)
def test_a_text_without_a_sure_translation_fails(tree: Path, entry: str, complaint: str) -> None:
    _translate(tree, entry)

    assert _check(tree) == (1, complaint)


def test_a_catalogue_changed_after_it_was_compiled_fails(tree: Path) -> None:
    _translate(tree, 'msgid "Good morning"\nmsgstr "Bom dia"\n')
    _translate(tree, 'msgid "Good morning"\nmsgstr "Bom dia!"\n', is_compiled=False)

    status, said = _check(tree)

    assert status == 1
    assert "is older than django.po" in said


def test_the_texts_of_scripts_are_compiled_too(tree: Path) -> None:
    _translate(tree, 'msgid "Good morning"\nmsgstr "Bom dia"\n')
    (tree / "locale/pt_BR/LC_MESSAGES/djangojs.po").write_text(
        HEADING + 'msgid "server"\nmsgstr "servidor"\n'
    )

    status, said = _check(tree)

    assert status == 1
    assert "is older than djangojs.po" in said
