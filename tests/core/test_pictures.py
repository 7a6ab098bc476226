"""Uploaded pictures: what is taken, what is refused, and that nothing of the file that was sent is kept."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image, ImageFile

from shuangbai.core import pictures
from shuangbai.core.forms import PictureField
from shuangbai.core.pictures import (
    NotAPicture,
    content_name,
    drop_picture,
    keep_picture,
    picture_data,
    picture_path,
    random_name,
    read_picture,
)
from shuangbai.core.uploads import LARGEST, LimitedUpload
from shuangbai.core.views import picture_answer

pytestmark = pytest.mark.nodb
SECRET = b"22.77,115.37 a place that nobody is to know"


def written(mode: str = "RGB", size: tuple[int, int] = (60, 40), form: str = "JPEG", **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "#2f6f62").save(file, form, **more)
    return file.getvalue()


def read(data: bytes, **more: Any) -> pictures.Picture:
    return read_picture(io.BytesIO(data), size=len(data), **more)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unfolds into width times height."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestTaken:
    def test_a_photograph_loses_where_it_was_taken(self):
        exif = Image.Exif()
        exif.get_ifd(0x8825)[2] = (22.0, 46.0, 12.0)  # GPS latitude
        exif[0x010E] = SECRET.decode()
        sent = written(exif=exif, comment=SECRET)
        assert SECRET in sent
        kept = read(sent)
        assert kept.suffix == "jpg"
        assert SECRET not in kept.data
        assert b"Exif" not in kept.data
        assert not Image.open(io.BytesIO(kept.data)).getexif()

    def test_it_stands_upright_as_the_camera_said(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by a quarter
        kept = read(written(size=(60, 40), exif=exif))
        assert (kept.width, kept.height) == (40, 60)

    def test_what_was_appended_or_hidden_in_a_png_is_gone(self):
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Comment", SECRET.decode())
        kept = read(written("RGBA", form="PNG", pnginfo=info) + b"<script>alert(1)</script>")
        assert kept.suffix == "png"
        assert SECRET not in kept.data
        assert b"script" not in kept.data

    @pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16", "LA"])
    def test_any_kind_of_pixels(self, mode):
        form = "JPEG" if mode == "CMYK" else "PNG"
        image = Image.new(mode, (8, 8))
        file = io.BytesIO()
        image.save(file, form)
        assert read(file.getvalue()).width == 8

    def test_a_large_one_is_made_smaller(self):
        kept = read(written(size=(3000, 1500)), longest=512)
        assert (kept.width, kept.height) == (512, 256)

    def test_webp_becomes_a_jpeg(self):
        assert read(written(form="WEBP")).suffix == "jpg"


class TestRefused:
    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"<html><script>alert(1)</script></html>", id="a page"),
            pytest.param(b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>", id="a page that begins as a PNG"),
            pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', id="SVG"),
            pytest.param(written(size=(400, 400))[:800], id="cut off JPEG"),
            pytest.param(written("RGB", (400, 400), "PNG")[:-40], id="cut off PNG"),
            pytest.param(written(form="GIF"), id="GIF"),
            pytest.param(written(form="BMP"), id="BMP"),
            pytest.param(b"%PDF-1.7\n", id="PDF"),
            pytest.param(claiming(100, 100), id="pixels missing"),
        ],
    )
    def test_what_is_no_picture(self, data, monkeypatch):
        # The library that sets pages as PDF turns this on for the whole process.
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
        with pytest.raises(NotAPicture, match="不是能读的图片"):
            read(data)

    @pytest.mark.parametrize("size", [(8000, 8000), (50_000, 50_000), (1_000_000, 1_000_000)])
    def test_a_bomb_before_it_unfolds(self, size, monkeypatch):
        monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was unfolded"))
        with pytest.raises(NotAPicture, match="长宽太大"):
            read(claiming(*size))

    def test_more_bytes_than_allowed(self):
        with pytest.raises(NotAPicture, match="5 MB"):
            read_picture(io.BytesIO(b""), size=LARGEST + 1)


class TestTheField:
    def test_it_gives_the_picture_written_anew(self):
        value = PictureField().clean(SimpleUploadedFile("图.jpg", written()))
        assert isinstance(value, pictures.Picture)

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            (SimpleUploadedFile("a.png", b"<html>", "image/png"), "不是能读的图片"),
            (SimpleUploadedFile("a.png", b""), "空的"),
            (None, "请选择一张图片"),
        ],
    )
    def test_it_says_what_is_wrong(self, sent, words):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError, match=words):
            PictureField().clean(sent)

    def test_none_where_none_is_needed(self):
        assert PictureField(required=False).clean(None) is None


class TestUploading:
    def test_a_large_file_is_let_by_and_never_written_to_disk(self):
        handler = LimitedUpload()
        handler.new_file("emblem", "a.png", "image/png", 3 * LARGEST)
        for _ in range(3):
            handler.receive_data_chunk(b"x" * LARGEST, 0)
        sent = handler.file_complete(3 * LARGEST)
        assert sent.size == 3 * LARGEST
        assert len(sent.read()) <= LARGEST

    def test_the_product_takes_uploads_in_no_other_way(self, settings):
        assert settings.FILE_UPLOAD_HANDLERS == ["shuangbai.core.uploads.LimitedUpload"]


class TestKept:
    def test_its_name_tells_nothing_and_only_the_owner_reads_it(self, files):
        one = read(written())
        names = {random_name(one) for _ in range(5)}
        assert len(names) == 5
        name = names.pop()
        keep_picture(one, name)
        path = picture_path(name)
        assert picture_data(name) == one.data
        assert one.data not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert [child.name for child in path.parent.iterdir()] == [name]

    def test_a_name_by_content_changes_with_it(self):
        assert content_name(read(written())) == content_name(read(written()))
        assert content_name(read(written())) != content_name(read(written(size=(61, 40))))

    @pytest.mark.parametrize("name", ["../keys.json", "a.png", f"{'0' * 32}.svg", "", f"{'0' * 32}.png"])
    def test_no_other_file_is_reached(self, files, name):
        (files / "keys.json").write_text("secret")
        with pytest.raises(FileNotFoundError):
            picture_path(name)
        with pytest.raises(Http404):
            picture_answer(name, shown_as="x")
        drop_picture(name)
        assert (files / "keys.json").exists()

    def test_a_dropped_one_is_gone(self):
        one = read(written())
        keep_picture(one, content_name(one))
        drop_picture(content_name(one))
        with pytest.raises(FileNotFoundError):
            picture_path(content_name(one))

    def test_a_browser_takes_it_for_a_picture_and_keeps_it_only_where_told(self):
        one = read(written("RGBA", form="PNG"))
        name = random_name(one)
        keep_picture(one, name)
        answer = picture_answer(name, shown_as="photo")
        assert answer.content == one.data
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == 'inline; filename="photo.png"'
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        kept = picture_answer(name, shown_as="emblem", kept_by_browsers=True)
        assert "immutable" in kept["Cache-Control"]
