"""A browser without a screen: cookies, forms as they stand on the page, one connection that is kept open."""

import http.client
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

SECONDS = 30
Values = dict[str, list[str]]
_FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.S | re.I)


@dataclass(frozen=True)
class Answer:
    """What came back, after redirects; `path` is the address at which it ended."""

    status: int
    text: str
    path: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)


class _Fields(HTMLParser):
    """The values that a browser would send for a form, were it sent as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.values: Values = {}
        self.choices: Values = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self.values.setdefault(name, []).append("")
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(told.get("value", ""))
            if "selected" in told:
                self.values.setdefault(self._select, []).append(told.get("value", ""))
        elif tag == "input" and name and "disabled" not in told:
            if kind in ("radio", "checkbox"):
                self.choices.setdefault(name, []).append(told.get("value", "on"))
                if "checked" not in told:
                    return
            if kind not in ("submit", "button", "file"):
                self.values.setdefault(name, []).append(told.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][-1] += data


def form_of(page: str) -> tuple[Values, Values]:
    """The values and the choices of the largest form of a page that is sent by POST."""
    forms = _FORM.findall(page)
    if not forms:
        raise ValueError("the page has no form")
    fields = _Fields()
    fields.feed(max(forms, key=len))
    return fields.values, fields.choices


class Client:
    """One person at one browser. `connect` gives a fresh socket to the server."""

    def __init__(self, connect: Callable[[], socket.socket], host: str, *, secure: bool = False) -> None:
        self.connect, self.host, self.secure = connect, host, secure
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _gone(self) -> bool:
        """Whether the server has closed a kept connection: nothing was asked, yet there is something to read."""
        line = self._line.sock if self._line else None
        return line is None or bool(select.select([line], [], [], 0)[0])

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        if self._line is None:
            self._line = http.client.HTTPConnection(self.host, timeout=SECONDS)
            self._line.sock = self.connect()
        try:
            self._line.request(method, path, body, headers)
            return self._line.getresponse()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, Mapping[str, str]]:
        headers = {"Host": self.host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            scheme = "https" if self.secure else "http"
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{scheme}://{self.host}{path}"}
        if self._line is not None and self._gone():
            self.close()
        kept = self._line is not None
        try:
            answer = self._once(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A kept connection that the server closed at this moment: a browser asks again on a new one.
            if not kept:
                raise
            answer = self._once(method, path, body, headers)
        try:
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        finally:
            answer.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.will_close:
            self.close()
        return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}

    def get(self, path: str) -> Answer:
        return self._follow("GET", path)

    def post(self, path: str, values: Mapping[str, list[str]]) -> Answer:
        return self._follow("POST", path, urlencode(values, doseq=True).encode())

    def _follow(self, method: str, path: str, body: bytes | None = None) -> Answer:
        began = time.perf_counter()
        for _ in range(5):
            try:
                status, text, headers = self._ask(method, path, body)
            except TimeoutError as error:
                raise TimeoutError(f"{method} {path}: no answer within {SECONDS} s") from error
            if status not in (301, 302, 303):
                break
            target = urlsplit(headers["location"])
            path = target.path + (f"?{target.query}" if target.query else "")
            method, body = "GET", None
        return Answer(status, text, path, time.perf_counter() - began, headers)

    def sign_in(self, username: str, password: str) -> Answer:
        values, _ = form_of(self.get("/signin").text)
        return self.post("/signin", values | {"username": [username], "password": [password]})

    def send(self, path: str, values: Values) -> Answer:
        """Send a form; where the page only doubts the entry, say that it was looked at and send it again."""
        answer = self.post(path, values)
        if answer.status == 422 and "acknowledged" in answer.text:
            again, _ = form_of(answer.text)
            answer = self.post(path, again | {"acknowledged": ["on"]})
        return answer


def over_port(port: int) -> Callable[[], socket.socket]:
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def over_tls(certificate: str, host: str, port: int = 443) -> Callable[[], socket.socket]:
    """TLS to this machine, with the certificate that is believed and the name that it must be for."""
    context = ssl.create_default_context(cafile=certificate)

    def connect() -> socket.socket:
        line = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        return context.wrap_socket(line, server_hostname=host)

    return connect
