"""Sign-in through an OpenID Connect provider: a small one of our own on loopback plays every part."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from shuangbai.accounts.actions import link_provider, unlink_provider
from shuangbai.accounts.models import ProviderLink
from shuangbai.accounts.queries import linked_account
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.network.models import User
from tests.accounts.test_door import bind, next_digits
from tests.cast import City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
CLIENT, SECRET, CODE, CLAIM = "shuangbai", "s3cret", "the-code", "gd-0001"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


class Provider:
    """What the fake provider answers with; tests bend it."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.left_out: set[str] = set()
        self.key = KEY
        self.challenge = self.nonce = self.issuer = ""
        self.asked: list[dict[str, list[str]]] = []

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
        }  # fmt: skip

    def token(self, sent: dict[str, list[str]], authorization: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(sent)
        digest = hashlib.sha256(sent.get("code_verifier", [""])[0].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        known = authorization == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not (proved and known and sent.get("code") == [CODE]):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": CLAIM, "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if name not in self.left_out}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def provider(settings: Any, tmp_path: Path) -> Iterator[Provider]:
    played = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {
                "/.well-known/openid-configuration": played.discovery(),
                "/keys": {"keys": [KEY.as_dict(private=False)]},
            }
            self.say(200 if self.path in known else 404, known.get(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(*played.token(parse_qs(body), self.headers.get("Authorization", "")))

        def say(self, status: int, what: dict[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    played.issuer = f"http://127.0.0.1:{server.server_port}"
    file = tmp_path / "oidc.json"
    file.write_text(json.dumps({"client_id": CLIENT, "client_secret": SECRET}), encoding="utf-8")
    file.chmod(0o600)
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_FILE = played.issuer, str(file)
    yield played
    server.shutdown()
    server.server_close()
    thread.join()


def there(client: Client, played: Provider, **more: str) -> dict[str, str]:
    """Off to the provider: what its page was given."""
    answer = client.get("/signin/provider", more)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
    played.challenge, played.nonce = asked["code_challenge"], asked["nonce"]
    return asked


def and_back(client: Client, played: Provider, **more: str) -> Any:
    asked = there(client, played, **{name: value for name, value in more.items() if name in ("next", "link")})
    sent = {"state": asked["state"], "code": CODE, **{n: v for n, v in more.items() if n in ("state", "code")}}
    return client.get("/signin/provider/back", sent)


def linked(user: User, played: Provider) -> None:
    link_provider(by=user, user=user, issuer=played.issuer, claim=CLAIM)


def said(client: Client) -> str:
    return client.get("/signin").content.decode()


class TestSigningIn:
    def test_a_linked_account_is_let_in_and_led_on(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        client = Client()
        assert and_back(client, provider, next="/families/")["Location"] == "/families/"
        assert client.get("/families/").status_code == 200

    def test_it_asks_as_the_standard_says(self, city: City, provider: Provider) -> None:
        asked = there(Client(), provider)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == "http://testserver/signin/provider/back"
        assert len(asked["state"]) >= 32 <= len(asked["nonce"])

    def test_nobody_unknown_becomes_an_account(self, city: City, provider: Provider) -> None:
        before, client = User.objects.count(), Client()
        assert and_back(client, provider)["Location"] == "/signin"
        assert "还没有和本系统的账号绑定" in said(client)
        assert User.objects.count() == before

    def test_a_stopped_account_stays_out(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        User.objects.filter(pk=worker.pk).update(is_active=False)
        assert and_back(Client(), provider)["Location"] == "/signin"

    def test_the_second_factor_is_asked_all_the_same(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        secret, _ = bind(worker)
        client = Client()
        assert and_back(client, provider)["Location"] == "/signin/code"
        assert client.post("/signin/code", {"code": next_digits(worker, secret)})["Location"] == "/"

    def test_the_claim_that_names_the_account_is_configured(
        self, city: City, worker: User, provider: Provider, settings: Any
    ) -> None:
        settings.OIDC_CLAIM = "staff_no"
        provider.claims = {"sub": "else", "staff_no": CLAIM}
        linked(worker, provider)
        assert and_back(Client(), provider)["Location"] == "/"

    @pytest.mark.parametrize("off", [-100, 100])
    def test_two_clocks_may_differ_by_two_minutes(self, city: City, worker: User, provider: Provider, off: int) -> None:
        linked(worker, provider)
        now = int(time.time()) + off
        provider.claims = {"iat": now, "exp": now + 1}
        assert and_back(Client(), provider)["Location"] == "/"


class TestWhatIsNotBelieved:
    @pytest.mark.parametrize(
        ("claims", "left_out"),
        [
            ({"iss": "http://127.0.0.1:1"}, set()),
            ({"aud": "another"}, set()),
            ({"aud": ["shuangbai", "another"]}, set()),
            ({"nonce": "another"}, set()),
            ({"exp": 1}, set()),
            ({"iat": int(time.time()) + 100000, "exp": int(time.time()) + 200000}, set()),
            ({"sub": ""}, set()),
            ({"sub": 7}, set()),
            ({}, {"nonce"}),
            ({}, {"exp"}),
            ({}, {"sub"}),
        ],
    )
    def test_a_token_that_does_not_fit(
        self, city: City, worker: User, provider: Provider, claims: dict[str, Any], left_out: set[str]
    ) -> None:
        linked(worker, provider)
        provider.claims, provider.left_out = claims, left_out
        client = Client()
        assert and_back(client, provider)["Location"] == "/signin"
        assert "核对不上" in said(client)

    def test_a_token_signed_by_another_key(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        provider.key = OTHER
        assert and_back(Client(), provider)["Location"] == "/signin"

    def test_another_state_is_not_taken_and_the_journey_is_over(
        self, city: City, worker: User, provider: Provider
    ) -> None:
        linked(worker, provider)
        client = Client()
        assert and_back(client, provider, state="another")["Location"] == "/signin"
        assert provider.asked == []

    def test_a_journey_is_made_once(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        client = Client()
        asked = there(client, provider)
        answer = {"state": asked["state"], "code": CODE}
        assert client.get("/signin/provider/back", answer)["Location"] == "/"
        client.post("/signout")
        assert client.get("/signin/provider/back", answer)["Location"] == "/signin"

    def test_coming_back_without_having_set_out(self, city: City, provider: Provider) -> None:
        assert Client().get("/signin/provider/back", {"state": "x", "code": CODE})["Location"] == "/signin"

    def test_a_code_that_the_provider_does_not_know(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        assert and_back(Client(), provider, code="guessed")["Location"] == "/signin"


class TestWithoutIt:
    def test_it_is_off_by_default(self, city: City) -> None:
        assert "统一登录平台" not in said(Client())
        assert Client().get("/signin/provider").status_code == 404

    def test_a_provider_that_is_down_leaves_the_password(self, city: City, provider: Provider, settings: Any) -> None:
        settings.OIDC_ISSUER = "http://127.0.0.1:9"
        client = Client()
        assert client.get("/signin/provider")["Location"] == "/signin"
        page = said(client)
        assert "现在连不上" in page
        assert 'name="password"' in page

    @pytest.mark.parametrize("spoil", ["open", "gone", "empty"])
    def test_a_secret_that_others_may_read_is_not_used(
        self, city: City, provider: Provider, settings: Any, caplog: pytest.LogCaptureFixture, spoil: str
    ) -> None:
        file = Path(settings.OIDC_CLIENT_FILE)
        if spoil == "open":
            file.chmod(0o644)
        elif spoil == "gone":
            file.unlink()
        else:
            file.write_text("{}", encoding="utf-8")
        client = Client()
        assert client.get("/signin/provider")["Location"] == "/signin"
        assert "还没有配置好" in said(client)
        assert SECRET not in caplog.text
        assert file.name in caplog.text


class TestLinking:
    def test_somebody_signed_in_binds_their_own(
        self, city: City, worker: User, provider: Provider, client_for: Asks
    ) -> None:
        client = client_for(worker)
        assert and_back(client, provider, link="1")["Location"] == "/account/"
        assert linked_account(provider.issuer, CLAIM) == worker
        assert "已绑定" in client.get("/account/").content.decode()
        client.post("/account/provider")
        assert linked_account(provider.issuer, CLAIM) is None

    def test_the_system_administrator_binds_a_workers(
        self, city: City, worker: User, sysadmin: User, provider: Provider, client_for: Asks
    ) -> None:
        address = f"/setup/accounts/{worker.pk}/provider"
        assert client_for(sysadmin).post(address, {"claim": CLAIM}).status_code == 302
        assert linked_account(provider.issuer, CLAIM) == worker

    def test_but_no_administrators(self, city: City, sysadmin: User, provider: Provider) -> None:
        for name in ("security", "auditor"):
            with pytest.raises(NotAllowed):
                link_provider(by=sysadmin, user=city.users[name], issuer=provider.issuer, claim=CLAIM)

    def test_one_name_is_one_account(self, city: City, worker: User, head: User, provider: Provider) -> None:
        linked(worker, provider)
        with pytest.raises(Refused, match="已绑定别的账号"):
            linked(head, provider)
        for wrong in ({"user": head}, {"user": worker, "claim_hash": "f" * 32}):
            row = {"issuer": provider.issuer, "claim_hash": ProviderLink.objects.get().claim_hash}
            row |= {"linked_at": clock.now(), "linked_by": head}
            with pytest.raises(IntegrityError), transaction.atomic():
                ProviderLink.objects.create(**{**row, **wrong})

    def test_the_name_is_kept_as_a_hash_alone(self, city: City, worker: User, provider: Provider) -> None:
        linked(worker, provider)
        assert CLAIM not in str(ProviderLink.objects.values().get())

    def test_a_colleague_unbinds_nothing(self, city: City, worker: User, colleague: User, provider: Provider) -> None:
        linked(worker, provider)
        with pytest.raises(NotAllowed):
            unlink_provider(by=colleague, user=worker, issuer=provider.issuer)
