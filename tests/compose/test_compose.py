"""The composition is as safe as it says: users, files, limits, networks, secrets, settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import yaml

from voice_server.settings import load_settings, setting_names

HERE = Path(__file__).parents[2] / "compose"
COMPOSE: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (HERE / "Dockerfile").read_text()
SECRETS = sorted(COMPOSE["secrets"])

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


def environment() -> dict[str, str]:
    """The values of `.env.example`."""
    lines = (HERE / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))


def filled(value: str) -> str:
    """`value` as compose fills it from `.env.example`."""
    known = environment()
    return re.sub(
        r"\$\{(\w+)(?::[-?][^}]*)?\}",
        lambda match: known[match[1]],
        value,
    )


def test_the_composition_holds_the_server_its_stores_the_relay_and_the_proxy() -> None:
    assert set(SERVICES) == {"server", "postgres", "redis", "qdrant", "turn", "proxy"}


@every_service
class TestEachService:
    def test_runs_as_a_user_of_its_own(self, service: dict[str, Any]) -> None:
        user, group = service["user"].split(":")
        assert int(user) > 0
        assert int(group) > 0

    def test_cannot_write_its_file_system_nor_gain_privileges(
        self, service: dict[str, Any]
    ) -> None:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
        assert not {"privileged", "pid", "ipc", "network_mode", "devices"} & set(service)
        for mount in service.get("volumes", []):
            assert "docker.sock" not in mount
            assert not mount.startswith("/")
            assert not mount.startswith(".") or mount.endswith(":ro")

    def test_is_bounded(self, service: dict[str, Any]) -> None:
        assert re.fullmatch(r"\d+[mg]", filled(str(service["mem_limit"])))
        assert 0 < float(filled(str(service["cpus"]))) <= 4
        assert 0 < service["pids_limit"] <= 512
        assert all("size=" in mount for mount in service["tmpfs"])
        assert service["logging"]["options"]["max-size"]

    def test_says_whether_it_is_well(self, service: dict[str, Any]) -> None:
        check = service["healthcheck"]
        assert check["test"][0] == "CMD"
        assert {"interval", "timeout", "retries"} <= set(check)

    def test_is_pinned_to_a_version(self, service: dict[str, Any]) -> None:
        tag = service["image"].rsplit(":", 1)[1]
        assert re.match(r"v?\d+\.\d+", tag)

    def test_mounts_only_files_that_are_here(self, service: dict[str, Any]) -> None:
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (HERE / source).is_file()
            else:
                assert source in COMPOSE["volumes"]


def test_only_the_proxy_and_the_relay_can_be_reached_from_outside() -> None:
    networks = COMPOSE["networks"]
    assert {name for name, network in networks.items() if not network.get("internal")} == {"edge"}
    for name, service in SERVICES.items():
        outside = name in ("proxy", "turn")
        assert ("edge" in service["networks"]) == outside
        assert ("ports" in service) == outside
    for store in ("postgres", "redis", "qdrant"):
        assert SERVICES[store]["networks"] == ["store"]


def test_the_relay_reaches_the_server_and_nothing_else() -> None:
    relay = (HERE / "parts" / "turn.conf").read_text() + (HERE / "parts" / "turn.sh").read_text()
    assert "denied-peer-ip=0.0.0.0-255.255.255.255" in relay
    assert "denied-peer-ip=::" in relay
    assert re.findall(r"^.*\ballowed-peer-ip=(\S+)", relay, re.MULTILINE) == ["%s\\n'"]
    assert "use-auth-secret" in relay
    server = filled(SERVICES["server"]["networks"]["media"]["ipv4_address"])
    assert filled(SERVICES["turn"]["environment"]["SERVER_IP"]) == server


def test_every_setting_in_the_composition_is_one_the_server_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {
        name: filled(str(value))
        for name, value in SERVICES["server"]["environment"].items()
        if name.startswith("VOICE_")
    }
    in_files = (DOCKERFILE, (HERE / "parts" / "server.sh").read_text())
    named = {name for text in in_files for name in re.findall(r"\b(VOICE_[A-Z_]+)=", text)}
    assert set(given) | named <= set(setting_names())
    assert len(given) > 8
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOICE_ACCOUNTS__SECRET", token_hex(32))  # parts/server.sh reads it
    settings = load_settings()
    assert settings.environment == "production"
    assert settings.accounts.secure_cookie


def test_no_secret_stands_in_the_composition_or_in_the_image() -> None:
    for name, service in SERVICES.items():
        for variable in service.get("environment", {}):
            assert not re.search(r"(SECRET|PASSWORD|KEY|TOKEN)$", variable), (name, variable)
    assert not re.search(r"(SECRET|PASSWORD|KEY|TOKEN)=", DOCKERFILE)
    assert set(SERVICES["server"]["secrets"]) == set(SECRETS)
    ignored = (HERE / ".gitignore").read_text().split()
    assert {"secrets/", ".env"} <= set(ignored)


def test_the_image_drops_root_checks_hashes_and_is_pinned() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert stages == ["${NODE_IMAGE}", "${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]
    assert all(":" in image for image in re.findall(r"^ARG \w+=(\S+)", DOCKERFILE, re.MULTILINE))
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert DOCKERFILE.count("--require-hashes") == 2
    assert "npm ci" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE


def start(secrets: Path) -> subprocess.CompletedProcess[str]:
    """Run the server's start script with `secrets` in place of /run/secrets."""
    script = (HERE / "parts" / "server.sh").read_text().replace("/run/secrets", str(secrets))
    return subprocess.run(
        ["sh", "-c", script, "server.sh", "env"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        env={"PATH": os.environ["PATH"]},
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets as `make-secrets.sh` writes them, once."""
    folder = tmp_path_factory.mktemp("compose")
    script = shutil.copy(HERE / "make-secrets.sh", folder)
    subprocess.run(["sh", script], check=True, capture_output=True, timeout=20)
    return folder / "secrets"


@pytest.fixture
def made(written: Path, tmp_path: Path) -> Path:
    """A copy of written secrets, to be spoilt."""
    return shutil.copytree(written, tmp_path / "secrets")


def test_made_secrets_are_random_private_and_become_settings(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == SECRETS
    values = {path.read_text() for path in made.iterdir()}
    assert len(values) == len(SECRETS)
    assert all(len(value) == 48 for value in values)
    assert made.stat().st_mode & 0o777 == 0o700
    started = start(made)
    assert started.returncode == 0, started.stderr
    seen = dict(line.split("=", 1) for line in started.stdout.splitlines())
    assert seen["PGPASSWORD"] == (made / "postgres_password").read_text()
    assert seen["VOICE_ICE__TURN_SECRET"] == (made / "turn_secret").read_text()
    assert (made / "redis_password").read_text() in seen["VOICE_KEYVALUE__URL"]
    assert {name for name in seen if name.startswith("VOICE_")} <= set(setting_names())


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("fault", ["sample", "missing", "empty", "short", "shell"])
def test_a_secret_that_is_not_ones_own_stops_the_start(made: Path, name: str, fault: str) -> None:
    file = made / name
    file.chmod(0o600)
    match fault:
        case "sample":
            shutil.copy(HERE / "secrets.example" / name, file)
        case "missing":
            file.unlink()
        case "empty":
            file.write_text("")
        case "short":
            file.write_text("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5")
        case "shell":
            file.write_text("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6@evil:5432/x")
    kept = file.read_text() if file.exists() else ""
    started = start(made)
    assert started.returncode == 78
    assert name in started.stderr
    assert not kept or kept.strip() not in started.stderr
    assert started.stdout == ""


def test_without_secrets_the_image_starts_on_its_own_defaults(tmp_path: Path) -> None:
    started = start(tmp_path / "none")
    assert started.returncode == 0
    assert "PGPASSWORD" not in started.stdout
