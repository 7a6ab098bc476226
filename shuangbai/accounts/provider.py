"""Sign-in through an OpenID Connect provider, where the city has one: the addresses asked, and what is believed.

Configured by the environment (settings.OIDC_…); without it nothing here is ever called.
"""

import json
import logging
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

SECONDS = 5  # people wait for these answers; a provider that is slower counts as down
SKEW = 120  # seconds by which two machines' clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]


class ProviderFailed(Exception):
    """The provider did not answer, or its answer is not to be believed. The sentence is for the person."""


DOWN = "统一登录平台现在连不上，请先用账号和密码登录"
MISSET = "统一登录平台还没有配置好，请告诉系统管理员；现在可以用账号和密码登录"
NOT_BELIEVED = "统一登录平台的回答核对不上，没有登录。请再试一次；还不行就用账号和密码登录"


@dataclass(frozen=True, slots=True)
class Journey:
    """What must come back unchanged from the provider: kept in the signed cookie meanwhile."""

    state: str
    nonce: str
    verifier: str


def is_offered() -> bool:
    return bool(settings.OIDC_ISSUER)


def _client() -> tuple[str, str]:
    """Id and secret of this client, from a file that its owner alone may read."""
    path = Path(settings.OIDC_CLIENT_FILE)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise _misset(f"{path} holds the provider's secret and is readable by others: chmod 600")
        read = json.loads(path.read_text(encoding="utf-8"))
        return read["client_id"], read["client_secret"]
    except (OSError, ValueError, KeyError) as error:
        raise _misset(f"{path} should be JSON with client_id and client_secret: {error!r}") from error


def _misset(why: str) -> ProviderFailed:
    """For whoever runs the server the reason goes to the log; the person at the door learns that it is not theirs."""
    logging.getLogger("shuangbai.accounts").error("sign-in provider: %s", why)
    return ProviderFailed(MISSET)


def _asked(address: str) -> Any:
    """JSON at an address of the provider. Raises ProviderFailed where it does not answer."""
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderFailed(DOWN) from error


def _description() -> dict[str, str]:
    found = _asked(f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != settings.OIDC_ISSUER:
        raise ProviderFailed(NOT_BELIEVED)
    return found


def set_out(back: str) -> tuple[str, Journey]:
    """The provider's address to send the person to, and what to remember until they are back."""
    journey = Journey(secrets.token_urlsafe(24), secrets.token_urlsafe(24), generate_token(64))
    session = _session(back)
    address, _ = session.create_authorization_url(
        _description()["authorization_endpoint"], state=journey.state, nonce=journey.nonce,
        code_verifier=journey.verifier,
    )  # fmt: skip
    return address, journey


def _session(back: str) -> OAuth2Session:
    client_id, client_secret = _client()
    return OAuth2Session(
        client_id, client_secret, scope=settings.OIDC_SCOPE, redirect_uri=back, code_challenge_method="S256"
    )


def come_back(back: str, answer: dict[str, str], journey: Journey) -> str:
    """The name that the provider vouches for. Raises ProviderFailed where anything does not fit."""
    if not secrets.compare_digest(answer.get("state", ""), journey.state) or not answer.get("code"):
        raise ProviderFailed(NOT_BELIEVED)
    description = _description()
    try:
        token = _session(back).fetch_token(
            description["token_endpoint"], code=answer["code"], code_verifier=journey.verifier,
            grant_type="authorization_code", timeout=SECONDS,
        )  # fmt: skip
    except requests.RequestException as error:
        raise ProviderFailed(DOWN) from error
    except Exception as error:  # authlib has many names for a refusal, and each means the same here
        raise ProviderFailed(NOT_BELIEVED) from error
    claims = _believed(token.get("id_token", ""), _asked(description["jwks_uri"]), journey.nonce)
    claim = claims.get(settings.OIDC_CLAIM)
    if not isinstance(claim, str) or not claim.strip():
        raise ProviderFailed(NOT_BELIEVED)
    return claim


def _believed(id_token: str, keys: Any, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce hold."""
    client_id, _ = _client()
    try:
        token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=SKEW,
            iss={"essential": True, "value": settings.OIDC_ISSUER},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed(NOT_BELIEVED) from error
    claims = token.claims
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise ProviderFailed(NOT_BELIEVED)
    return claims
