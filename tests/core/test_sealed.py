"""Sealed files: what comes out is what went in, or a sentence that says what is wrong."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shuangbai.core import keys, sealed
from shuangbai.core.sealed import Reader, Unreadable, Writer, WrongPassphrase

pytestmark = pytest.mark.nodb
WORDS = "correct horse battery staple"
CHUNK = 64
BODY = b"".join(bytes([number % 251]) for number in range(3 * CHUNK + 7))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Iterator[None]:
    """Guessing is made cheap: its cost is not under test. Keys of this test's own."""
    monkeypatch.setattr(sealed, "SCRYPT", {"n": 1 << 4, "r": 8, "p": 1})
    settings.DATA_DIR = tmp_path
    settings.CIPHER = "aes-gcm"
    keys.forget()
    keys.prepare()
    yield
    keys.forget()


def seal(body: bytes, words: str | None = WORDS, chunk: int = CHUNK) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, passphrase=words, chunk=chunk)
    writer.write(body)
    writer.close()
    return file.getvalue()


def unseal(raw: bytes, words: str | None = WORDS) -> bytes:
    return Reader(io.BytesIO(raw), passphrase=words).read()


def start(raw: bytes) -> int:
    """Where the chunks begin."""
    return len(raw) - len(raw[len(raw) :]) - sum(len(part) for part in chunks(raw))


def chunks(raw: bytes) -> list[bytes]:
    file = io.BytesIO(raw)
    sealed.read_header(file)
    parts = []
    while part := file.read(CHUNK + sealed.TAG):
        parts.append(part)
    return parts


def head(raw: bytes) -> bytes:
    return raw[: start(raw)]


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
@pytest.mark.parametrize("words", [WORDS, None], ids=["passphrase", "keyring"])
def test_what_comes_out_is_what_went_in(length: int, words: str | None) -> None:
    raw = seal(BODY[:length], words)
    assert unseal(raw, words) == BODY[:length]
    assert len(raw) == start(raw) + length + sealed.TAG * max(1, -(-length // CHUNK))


def test_by_the_national_cipher_too() -> None:
    keys.add_key("sm4-gcm")
    assert unseal(seal(BODY, None), None) == BODY


def test_two_files_of_one_body_have_nothing_in_common() -> None:
    one, other = chunks(seal(BODY)), chunks(seal(BODY))
    assert not set(one) & set(other)


def test_a_mistyped_passphrase_is_told_from_a_damaged_file() -> None:
    with pytest.raises(WrongPassphrase, match="口令不对"):
        unseal(seal(BODY), WORDS + " ")


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_a_single_changed_byte_anywhere_is_noticed(place: int) -> None:
    raw = bytearray(seal(BODY))
    raw[place] ^= 1
    with pytest.raises(Unreadable) as caught:
        unseal(bytes(raw))
    assert not isinstance(caught.value, WrongPassphrase)


def test_every_byte_of_the_chunks_counts() -> None:
    raw = seal(BODY[: CHUNK + 3])
    for place in range(start(raw), len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 0x80
        with pytest.raises(Unreadable, match="改动"):
            unseal(bytes(changed))


def test_chunks_in_another_order_are_noticed() -> None:
    raw = seal(BODY)
    first, second, third, last = chunks(raw)
    for parts in ((second, first, third, last), (first, third, second, last), (first, first, second, third, last)):
        with pytest.raises(Unreadable, match="改动"):
            unseal(head(raw) + b"".join(parts))


def test_a_chunk_of_another_file_under_the_same_passphrase_is_noticed() -> None:
    one, other = seal(BODY), seal(BODY)
    with pytest.raises(Unreadable):
        unseal(head(one) + b"".join([chunks(one)[0], chunks(other)[1], *chunks(one)[2:]]))


def test_an_end_that_was_cut_off_is_named_even_between_two_chunks() -> None:
    raw = seal(BODY)
    first, second, third, _ = chunks(raw)
    with pytest.raises(Unreadable, match="第 3 块之后的内容没有了"):
        unseal(head(raw) + first + second + third)
    for cut in (1, CHUNK, CHUNK + sealed.TAG + 1):
        with pytest.raises(Unreadable, match="不完整"):
            unseal(raw[:-cut])
    with pytest.raises(Unreadable):
        unseal(raw + b"x")


@pytest.mark.parametrize("raw", [b"", b"SBSEAL1\n", b"PK\x03\x04 something else", b"SBSEAL1\n\xff\xff\xff\xff{}"])
def test_what_is_no_sealed_file_says_so(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(raw)


def test_a_key_that_is_not_in_the_file_is_named() -> None:
    raw = seal(BODY, None)
    keys.keys_path().unlink()
    (keys.secret_path()).unlink()
    keys.prepare()
    with pytest.raises(Unreadable):
        unseal(raw, None)
    ring = keys.Keyring(keys.keyring().current, {}, b"")
    with pytest.raises(Unreadable, match="密钥 k1 不在密钥文件中"):
        Reader(io.BytesIO(raw), ring=ring)


def test_memory_stays_small_however_long_the_file(tmp_path: Path) -> None:
    path, piece, many = tmp_path / "long", b"x" * (1 << 20), 64
    tracemalloc.start()
    with path.open("wb") as file:
        writer = Writer(file, passphrase=WORDS)
        for _ in range(many):
            writer.write(piece)
        writer.close()
    with path.open("rb") as file:
        reader, length = Reader(file, passphrase=WORDS), 0
        while some := reader.read(1 << 16):
            length += len(some)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length == many << 20
    assert peak < 16 << 20


class TestKeptFiles:
    def test_they_are_private_and_sealed_by_the_current_key(self, tmp_path: Path) -> None:
        path = tmp_path / "photo"
        sealed.keep(path, b"a face")
        assert (sealed.key_of(path), sealed.kept(path)) == ("k1", b"a face")
        assert b"face" not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600

    def test_one_that_cannot_be_written_leaves_nothing(self, tmp_path: Path) -> None:
        before = set(tmp_path.iterdir())

        def write_half() -> None:
            with sealed.keeping(tmp_path / "photo") as to:
                to.write(b"half")
                raise OSError(28, "full")

        with pytest.raises(OSError, match="full"):
            write_half()
        assert set(tmp_path.iterdir()) == before

    def test_one_in_clear_has_no_key(self, tmp_path: Path) -> None:
        (tmp_path / "old").write_bytes(b"%PDF")
        assert sealed.key_of(tmp_path / "old") is None
