"""docker-compose.yml is valid, complete, and starts what also runs without containers."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SCHEMA = json.loads((ROOT / "tests/data/compose/compose_spec.json").read_text())
OURS = ("migrate", "web", "worker", "beat")


def test_compose_file_is_valid_by_the_compose_specification() -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(COMPOSE)


def test_the_schema_refuses_a_misspelt_key() -> None:
    services = {"web": {"image": "x", "comand": ["gunicorn"]}}

    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.Draft7Validator(SCHEMA).validate({"services": services})


def test_compose_starts_the_whole_product() -> None:
    assert set(COMPOSE["services"]) == {"postgres", "redis", *OURS}


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker"])
def test_what_others_wait_for_tells_its_health(name: str) -> None:
    assert COMPOSE["services"][name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", OURS)
def test_every_part_of_ours_runs_on_postgres_and_celery(name: str) -> None:
    environment = COMPOSE["services"][name]["environment"]

    assert environment["DATABASE_URL"].startswith("postgres://")
    assert environment["TASK_ENGINE"] == "celery"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_database_is_up_to_date(name: str) -> None:
    waits_for = COMPOSE["services"][name]["depends_on"]

    assert waits_for["migrate"]["condition"] == "service_completed_successfully"
    assert waits_for["redis"]["condition"] == "service_healthy"


def test_redis_keeps_its_bells() -> None:
    command = COMPOSE["services"]["redis"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_data_outlives_the_containers() -> None:
    for name in ("postgres", "redis"):
        volume, _, _ = COMPOSE["services"][name]["volumes"][0].partition(":")
        assert volume in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_whoever_sends_shares_one_journal_that_outlives_the_containers(name: str) -> None:
    folders = dict(reversed(volume.split(":")) for volume in COMPOSE["services"][name]["volumes"])

    assert folders["/var/lib/collections-crm/journal"] in COMPOSE["volumes"]


def test_the_journal_s_volume_belongs_to_the_user_who_writes_into_it() -> None:
    """A new volume takes the owner of the folder in the image; one that the image lacks would be root's."""
    made = re.search(r"mkdir -p (.+) \\\n\s+&& chown -R crm (\S+)", (ROOT / "Dockerfile").read_text())

    assert made
    assert {f"{made[2]}/{name}" for name in ("journal", "letters", "recordings")} <= set(made[1].split())


@pytest.mark.parametrize("name", ["web", "worker"])
@pytest.mark.parametrize("kept", ["letters", "recordings"])
def test_who_keeps_letters_and_recordings_and_who_shows_them_share_one_folder(name: str, kept: str) -> None:
    folders = dict(reversed(volume.split(":")) for volume in COMPOSE["services"][name]["volumes"])

    assert folders[f"/var/lib/collections-crm/{kept}"] in COMPOSE["volumes"]


def test_the_image_copies_only_what_exists() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    sources = {source for line in copied for source in line.split()}

    assert sources == allowed
    assert {source for source in sources if not (ROOT / source).exists()} == set()


def test_the_example_environment_sets_only_what_the_settings_read() -> None:
    read = (ROOT / "collections_crm/settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    unread = {name for name in example if f'"{name}"' not in read}
    of_a_bank = {
        name for name in unread if re.fullmatch(r"PIX_ITAU_[A-Z_]+", name)
    }  # read by the bank's name
    assert {name.removeprefix("PIX_ITAU_").lower() for name in of_a_bank} == set(
        re.findall(r'"([a-z_]+)",', read.partition("PIX_BANKS = {")[2].partition("for name in")[0])
    )
    assert unread - of_a_bank == {"POSTGRES_PASSWORD"}


def test_the_locks_agree() -> None:
    whole, product = (_pins(ROOT / name) for name in ("requirements.lock", "requirements-product.lock"))

    assert {name: pin for name, pin in product.items() if whole.get(name) != pin} == {}
    assert "pytest" not in product


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.match(r"[\w.-]+", line).group().lower().replace("_", "-") for line in asked}

    assert names - set(_pins(ROOT / "requirements.lock")) == set()


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", path.read_text(), re.MULTILINE))
