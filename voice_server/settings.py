"""Every setting, once. Environment variables are `VOICE_…`, nested with two underscores
(`VOICE_DATABASE__URL`). An unknown `VOICE_` variable refuses the start and names the nearest
valid one. Nothing else in the project reads the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.faults import Invalid

SAMPLE_SECRETS = ("changeme", "change-me", "change_me", "secret", "example", "sample", "password")
"""What a secret of one's own does not contain."""


class Section(BaseModel):
    """A group of settings; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(Section):
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    public_url: str = Field("", description="address people open, when a proxy stands in front")
    proxies: str = Field(
        "127.0.0.1",
        description="comma-separated addresses of proxies believed about a caller's address",
    )
    upload_limit_mb: int = Field(100, gt=0, description="largest document accepted, in megabytes")


class Database(Section):
    url: str = Field("embedded", description="`embedded`, or `postgresql://…`")


class KeyValue(Section):
    url: str = Field("memory://", description="`memory://`, or `redis://…`, `rediss://…`")


class Vectors(Section):
    url: str = Field("embedded", description="`embedded`, or `http(s)://…` of a Qdrant server")
    api_key: SecretStr = Field(SecretStr(""), description="key of the Qdrant server")


class Hearing(Section):
    url: str = Field(
        "auto",
        description="`auto`, `whisper://base.en`, `pocketsphinx://`, "
        "or `scripted://?text=…&final_ms=…`",
    )
    decoders: int = Field(2, gt=0, description="utterances decoded at the same time")


class Voice(Section):
    url: str = Field(
        "auto",
        description="`auto`, `piper:///path/voice.onnx`, `flite://slt`, `espeak://en-gb`, "
        "or `tone://?first_ms=…&hz=…`",
    )


class Embedder(Section):
    url: str = Field(
        "auto",
        description="`auto`, `minilm://`, `none://` (BM25 alone), or an OpenAI-compatible `https://…`",
    )
    model: str = Field("", description="model name at an embedding endpoint")
    api_key: SecretStr = Field(SecretStr(""), description="key of the embedding endpoint")


class Model(Section):
    url: str = Field(
        "",
        description="OpenAI-compatible `https://host/v1`, or `wss://host/v1/realtime`; "
        "empty answers by quoting the library",
    )
    name: str = Field("gpt-4.1-mini", description="model name at the endpoint")
    api_key: SecretStr = Field(SecretStr(""), description="key of the endpoint")
    deadline_s: float = Field(8.0, gt=0, description="longest wait for the first word, in seconds")
    second_look: bool = Field(
        False,
        description="the model also checks each further sentence against its passage, "
        "while the one before is spoken",
    )


class Search(Section):
    deadline_ms: int = Field(150, gt=0, description="longest wait for evidence, in milliseconds")
    passages: int = Field(5, gt=0, le=20, description="passages given to the model")


class Ice(Section):
    stun: str = Field("", description="comma-separated STUN addresses, `stun:host:port`")
    turn: str = Field(
        "", description="comma-separated TURN addresses, `turn:host:port?transport=udp`"
    )
    turn_secret: SecretStr = Field(
        SecretStr(""), description="shared secret of the TURN REST scheme"
    )
    interfaces: str = Field(
        "", description="comma-separated addresses or interface names to use; empty: all"
    )


class Accounts(Section):
    secret: SecretStr = Field(
        SecretStr(""),
        description="signs access tokens; empty: made at first start, kept in the data folder",
    )
    access_minutes: int = Field(15, gt=0, description="life of an access token, in minutes")
    refresh_days: int = Field(7, gt=0, description="life of a refresh token, in days")
    secure_cookie: bool = Field(
        False, description="send the refresh cookie over TLS only (set it behind TLS)"
    )


class Calls(Section):
    most: int = Field(
        8, gt=0, description="calls held at the same time; one more hears that we are busy"
    )
    idle_minutes: int = Field(
        10, gt=0, description="a silent call is ended after this long, in minutes"
    )


class Settings(BaseSettings):
    """The root. `environment=development` is the default; `production` refuses sample secrets."""

    model_config = SettingsConfigDict(
        env_prefix="VOICE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    environment: Literal["development", "production"] = Field(
        "development", description="`production` insists on your own secrets"
    )
    data: Path = Field(Path("data"), description="folder that keeps everything embedded")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="least severe log line"
    )
    sample_library: bool = Field(
        True, description="index the sample pages when the library is empty"
    )
    admin_email: str = Field("admin@example.org", description="account made at first start")
    http: Http = Http()
    database: Database = Database()
    keyvalue: KeyValue = KeyValue()
    vectors: Vectors = Vectors()
    hearing: Hearing = Hearing()
    voice: Voice = Voice()
    embedder: Embedder = Embedder()
    model: Model = Model()
    search: Search = Search()
    ice: Ice = Ice()
    accounts: Accounts = Accounts()
    calls: Calls = Calls()


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises Invalid naming the variable and the remedy."""
    known = set(setting_names())
    for name in environ:
        if name.startswith("VOICE_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise Invalid(
                "settings.unknown",
                f"{name} is not a setting.",
                field=name,
                remedy=f"Did you mean {near[0]}?",
            )
    try:
        return _fit_for_use(Settings())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "VOICE_" + "__".join(str(part) for part in first["loc"]).upper()
        raise Invalid(
            "settings.invalid",
            f"{name}: {first['msg']}.",
            field=name,
            remedy="The settings table in the README lists what is accepted.",
        ) from None


def _fit_for_use(settings: Settings) -> Settings:
    """In production the signing secret is one's own, and no sample."""
    secret = settings.accounts.secret.get_secret_value().lower()
    sample = any(word in secret for word in SAMPLE_SECRETS)
    if settings.environment == "production" and (not secret or sample):
        raise Invalid(
            "accounts.secret",
            "VOICE_ACCOUNTS__SECRET must be your own in production.",
            field="VOICE_ACCOUNTS__SECRET",
            remedy="Make one: openssl rand -hex 32",
        )
    return settings


def setting_names() -> Iterator[str]:
    """Every environment variable that is understood."""
    for name, _, _ in settings_table():
        yield name


def settings_table() -> Iterator[tuple[str, str, str]]:
    """(variable, default, meaning) of every setting, in the order of the README's table."""
    for name, info in Settings.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for inner, field in section.model_fields.items():
                yield (
                    f"VOICE_{name}__{inner}".upper(),
                    _shown(field.default),
                    field.description or "",
                )
        else:
            meaning = info.description or ""
            if choices := [c for c in get_args(section) if isinstance(c, str)]:
                meaning += f" ({', '.join(choices)})"
            yield f"VOICE_{name}".upper(), _shown(info.default), meaning


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
