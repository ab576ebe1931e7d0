"""What every template and every vendored file must keep to, so that the strict content policy holds."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LISTED = re.findall(
    r"^\| (\S+) \| .* \| `([0-9a-f]{64})` \|$", (ROOT / "static/vendor/VENDORED.md").read_text(), re.M
)
ICONS = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "static/vendor/icons.svg").read_text()))
REFUSED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style"),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "another host": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//"""),
}


@pytest.mark.parametrize(("name", "digest"), LISTED)
def test_a_vendored_file_is_the_one_that_was_written_down(name, digest):
    assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_written_down():
    folders = [ROOT / "static/vendor", ROOT / "tests/vendor"]
    lying = {str(file.relative_to(ROOT)) for folder in folders for file in folder.iterdir() if file.is_file()}

    assert lying - {"static/vendor/VENDORED.md"} == {name for name, _digest in LISTED}


def test_no_vendored_file_asks_for_its_source_map():
    files = [ROOT / name for name, _digest in LISTED if name.endswith((".js", ".css"))]

    assert [file.name for file in files if b"sourceMappingURL" in file.read_bytes()] == []


@pytest.mark.parametrize("what", REFUSED)
def test_no_template_holds(what):
    holding = [str(path.relative_to(ROOT)) for path in TEMPLATES if REFUSED[what].search(path.read_text())]

    assert holding == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in TEMPLATES
        for name in re.findall(r'{%\s*icon "([\w-]+)"', path.read_text())
    }

    assert [place for place in sorted(named) if place[1] not in ICONS] == []
