"""Uploaded pictures: decoded, and written anew, so that nothing of the file that was sent is kept.

What was appended, hidden in comments, or says where a photograph was taken is gone. A picture lies under
SHUANGBAI_DATA/files by a name that tells nothing; who may see it is decided by the room whose view sends it.
"""

import hashlib
import io
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from PIL import Image, ImageFile, ImageOps

from shuangbai.core import sealed
from shuangbai.core.uploads import LARGEST

FORMATS = ("PNG", "JPEG", "WEBP")  # read; SVG is a program and is not among them
MOST_PIXELS = 40_000_000  # a telephone's photograph has 12 to 50 million; a bomb, thousands of millions
NAME = re.compile(r"[0-9a-f]{32}\.(?:png|jpg)")
TYPES = {"png": "image/png", "jpg": "image/jpeg"}

TOO_LARGE = f"图片超过 {LARGEST // (1024 * 1024)} MB，请缩小后再上传"
NOT_ONE = "这不是能读的图片，或文件已损坏；请换一张 PNG 或 JPG 图片"
TOO_MANY = f"图片的长宽太大（超过 {MOST_PIXELS // 10_000} 万像素），请缩小后再上传"


class NotAPicture(ValueError):
    """What was sent cannot be taken; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew. `suffix` is png or jpg."""

    data: bytes
    suffix: str
    width: int
    height: int


def read_picture(file: BinaryIO, *, size: int, longest: int = 2000) -> Picture:
    """Decode what was sent (`size` bytes) and write it anew, at most `longest` pixels a side.

    With transparency it becomes PNG, without it JPEG. Raises NotAPicture.
    """
    if size > LARGEST:
        raise NotAPicture(TOO_LARGE)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # whoever sets a page as PDF turns it on, for the whole process
    try:
        with Image.open(io.BytesIO(file.read()), formats=FORMATS) as sent:
            # Only the head was read so far: a bomb is refused before it unfolds.
            if sent.width * sent.height > MOST_PIXELS:
                raise NotAPicture(TOO_MANY)
            upright = ImageOps.exif_transpose(sent)
            clear = "A" in upright.getbands() or "transparency" in upright.info
            pixels = upright.convert("RGBA" if clear else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(TOO_MANY) from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        # Broken files come as many kinds of error; NotAPicture itself is a ValueError with a sentence.
        raise error if isinstance(error, NotAPicture) else NotAPicture(NOT_ONE) from error
    pixels.thumbnail((longest, longest))
    fresh = Image.new(pixels.mode, pixels.size)  # a picture of pixels alone: no EXIF, no comment, no profile
    fresh.paste(pixels)
    written = io.BytesIO()
    if clear:
        fresh.save(written, "PNG", optimize=True)
    else:
        fresh.save(written, "JPEG", quality=88, optimize=True)
    return Picture(written.getvalue(), "png" if clear else "jpg", *fresh.size)


def smaller(picture: Picture, *, longest: int = 480, quality: int = 72) -> Picture:
    """The same picture for a list: a JPEG of some ten thousand bytes, what was clear on white."""
    with Image.open(io.BytesIO(picture.data), formats=FORMATS) as whole:
        pixels = whole.convert("RGBA")
    pixels.thumbnail((longest, longest))
    ground = Image.new("RGB", pixels.size, "white")
    ground.paste(pixels, mask=pixels.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=quality, optimize=True)
    return Picture(written.getvalue(), "jpg", *ground.size)


def random_name(picture: Picture) -> str:
    return f"{secrets.token_hex(16)}.{picture.suffix}"


def content_name(picture: Picture) -> str:
    """A name that changes with the content, for a picture that browsers may keep (an emblem, never a person)."""
    return f"{hashlib.sha256(picture.data).hexdigest()[:32]}.{picture.suffix}"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "pictures"


def keep_picture(picture: Picture, name: str) -> None:
    """Write the picture encrypted, whole or not at all, readable by its owner alone."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed.keep(folder() / name, picture.data)


def picture_path(name: str) -> Path:
    """Where a kept picture lies. Raises FileNotFoundError for a name that is not one, or is not there."""
    path = folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise FileNotFoundError(name)
    return path


def picture_data(name: str) -> bytes:
    """A kept picture. Raises FileNotFoundError for a name that is not one, or is not there."""
    return sealed.kept(picture_path(name))


def drop_picture(name: str) -> None:
    """Remove a kept picture; one that is gone already is no fault."""
    if NAME.fullmatch(name):
        (folder() / name).unlink(missing_ok=True)
