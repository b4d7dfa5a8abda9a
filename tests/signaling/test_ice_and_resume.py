"""TURN credentials as coturn checks them; resume tokens bound to call and person."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from signaling.ice import read_config, turn_credential
from signaling.media.guarded_ice import local_addresses
from signaling.resume import ResumeTokens
from storage.faults import Invalid, NotAllowed


def test_turn_credentials_expire_and_are_signed_with_the_shared_secret() -> None:
    username, password = turn_credential("north", "ada", now=1_000_000.5, life_s=600)
    assert username == "1000600:ada"
    expected = hmac.new(b"north", b"1000600:ada", hashlib.sha1).digest()
    assert base64.b64decode(password) == expected


def test_the_page_gets_stun_without_and_turn_with_its_own_credentials() -> None:
    config = read_config(stun="stun:a:1", turn="turn:b:2, turn:b:2?transport=tcp", turn_secret="s")
    ada, bob = config.servers("ada", 0.0), config.servers("bob", 0.0)
    assert ada[0].as_json() == {"urls": ["stun:a:1"]}
    assert ada[1].as_json()["urls"] == ["turn:b:2", "turn:b:2?transport=tcp"]
    assert ada[1].credential != bob[1].credential
    assert ada[1].username.startswith("3600:")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"stun": "turn:a:1"}, "VOICE_ICE__STUN"),
        ({"turn": "http://a", "turn_secret": "s"}, "VOICE_ICE__TURN"),
        ({"turn": "turn:a:1"}, "VOICE_ICE__TURN_SECRET"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(settings: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_config(**settings)
    assert refused.value.field == field


def test_only_named_interfaces_carry_media() -> None:
    assert local_addresses(["127.0.0.1"]) == ["127.0.0.1"]
    assert "127.0.0.1" in local_addresses(["lo"])
    assert local_addresses(["no-such-interface"]) == []


def test_a_resume_token_names_its_call_for_its_person_only() -> None:
    tokens = ResumeTokens("s" * 32, clock=lambda: 1000.0)
    token = tokens.issue("call-1", "ada")
    assert tokens.read(token, "ada") == "call-1"
    with pytest.raises(NotAllowed):
        tokens.read(token, "bob")
    with pytest.raises(NotAllowed):
        ResumeTokens("t" * 32).read(token, "ada")
    with pytest.raises(NotAllowed):
        tokens.read(token[:-2] + "xx", "ada")


def test_a_resume_token_expires() -> None:
    now = [1000.0]
    tokens = ResumeTokens("s" * 32, life_s=60, clock=lambda: now[0])
    token = tokens.issue("call-1", "ada")
    now[0] = 1059.0
    assert tokens.read(token, "ada") == "call-1"
    now[0] = 1060.0
    with pytest.raises(NotAllowed):
        tokens.read(token, "ada")
