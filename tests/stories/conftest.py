"""What stories stand on: a sandbox of their own and the house as it ships."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path: Path) -> Path:
    """The file in which the sandbox keeps what left; nobody else's messages are in it."""
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.CHANNELS = dict.fromkeys(["sms", "email"], "sandbox") | {"voice": "manual"}
    return tmp_path / "sandbox.jsonl"
