"""An access token is good for one server, one session, and a while."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import jwt
import pytest

from signaling.resume import ResumeTokens
from storage.faults import Invalid, NotSignedIn
from voice_server.auth.tokens import AUDIENCE, ISSUER, Claims, Tokens, open_secret

SECRET = "the secret of the server under test"
PERSON, SESSION = uuid4(), uuid4()


class Clock:
    """Unix time that a test moves."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(SECRET, timedelta(minutes=15), clock=clock)


def _forged(**changes: object) -> str:
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(PERSON),
        "sid": str(SESSION),
        "jti": "x",
        "iat": 1_000_000,
        "exp": 1_000_900,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, SECRET, algorithm="HS256")


def test_a_token_names_its_person_and_session_until_it_expires(
    tokens: Tokens, clock: Clock
) -> None:
    token = tokens.issue(PERSON, SESSION)
    clock.now += 899
    assert tokens.read(token) == Claims(PERSON, SESSION)
    clock.now += 1
    with pytest.raises(NotSignedIn):
        tokens.read(token)


def test_no_two_tokens_are_alike(tokens: Tokens) -> None:
    assert tokens.issue(PERSON, SESSION) != tokens.issue(PERSON, SESSION)


def test_a_token_like_ours_is_good(tokens: Tokens) -> None:
    assert tokens.read(_forged()) == Claims(PERSON, SESSION)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "someone else"},
        {"iss": None},
        {"aud": "resume"},
        {"aud": None},
        {"sub": "no id"},
        {"sub": None},
        {"sid": "no id"},
        {"sid": None},
        {"jti": None},
        {"iat": None},
        {"exp": None},
        {"exp": 999_999},
        {"exp": "soon"},
    ],
    ids=str,
)
def test_a_token_that_is_not_meant_for_us_is_refused(
    tokens: Tokens, changes: dict[str, object]
) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read(_forged(**changes))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_another_algorithm_is_refused(tokens: Tokens, algorithm: str) -> None:
    claims = jwt.decode(_forged(), options={"verify_signature": False})
    key = "" if algorithm == "none" else SECRET * 3
    with pytest.raises(NotSignedIn):
        tokens.read(jwt.encode(claims, key, algorithm=algorithm))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "." * 10_000])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read(token)


def test_another_servers_token_is_refused(clock: Clock, tokens: Tokens) -> None:
    other = Tokens("the secret of some other server...", timedelta(minutes=15), clock=clock)
    with pytest.raises(NotSignedIn):
        tokens.read(other.issue(PERSON, SESSION))


def test_a_token_that_resumes_a_call_is_no_access_token(tokens: Tokens, clock: Clock) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read(ResumeTokens(SECRET, clock=clock).issue("call", str(UUID(int=1))))


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        made = set(starts.map(lambda _: open_secret("", tmp_path / "data"), range(8)))
    assert len(made) == 1
    assert len(made.pop()) >= 43
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_a_given_secret_is_used_and_not_kept(tmp_path: Path) -> None:
    assert open_secret("x" * 32, tmp_path) == "x" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_given_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as raised:
        open_secret("x" * 31, tmp_path)
    assert raised.value.field == "VOICE_ACCOUNTS__SECRET"
    assert "x" * 31 not in raised.value.sentence + raised.value.remedy
