"""A full disk: what is acknowledged is there, what is refused is refused in words, and room is all it needs.

As root alone: the data lie on a small file system of their own.
"""

import contextlib
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

from reliability.client import Answer, Client, form_of
from reliability.kills import COUNTS
from reliability.serving import PASSWORD, Installation, say

ROOM, MOST_VISITS = 6 * 1024 * 1024, 3000


@contextlib.contextmanager
def little_room(data: Path) -> Iterator[None]:
    """The data on a file system with a few megabytes to spare."""
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) + ROOM
    aside = data.with_name("aside")
    data.rename(aside)
    data.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(data)], check=True)
    try:
        shutil.copytree(aside, data, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(data)], check=True)


def save(client: Client, address: str, story: str) -> Answer:
    values, choices = form_of(client.get(address).text)
    met = choices.get("met", [])[:1]
    return client.send(address, values | {"narrative": [story], "met": met, "client_id": [str(uuid.uuid4())]})


def address_of(client: Client) -> str:
    import re

    family = re.findall(r"/families/([0-9a-f-]{36})/", client.get("/families/").text)[0]
    return f"/visits/new?family={family}"


def measure(city: Installation) -> str:
    if os.geteuid() != 0 or city.url:
        return "disk: needs root and SQLite; not run"
    with little_room(city.data):
        city.start("web", "worker")
        city.until_ready("disk")  # less than 200 MB: whoever watches was told long before
        client = city.client()
        client.sign_in("worker", PASSWORD)
        address, kept, refused = address_of(client), [], None
        for _ in range(MOST_VISITS):
            story = f"杀不死 {uuid.uuid4().hex}{'老人血压偏高，提醒按时服药。' * 150}"
            answer = save(client, address, story)
            if answer.status == 503:
                refused = answer
                break
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} at {answer.path}")
            kept.append(story)
        if refused is None:
            raise RuntimeError("the disk was never full")
        words = "磁盘已满" in refused.text
        reads = client.get("/families/").status
        found = json.loads(city.code(COUNTS))
        lost = [story for story in kept if found["stories"].get(story) != 1]
        subprocess.run(["mount", "-o", "remount,size=1g", str(city.data)], check=True)
        after = save(client, address, "杀不死 腾出空间之后").status
        city.until_ready()
        city.stop()
    half = found["bare"] + found["lonely"]
    line = (
        f"{len(kept)} visits saved until the disk was full, then 503 "
        f"({'in plain words' if words else 'WITHOUT words'}); reading meanwhile: {reads}; lost or doubled: {len(lost)};"
        f" half-written: {half}; database whole: {found['whole']}; with room again: {after}, without a restart."
    )
    say(line)
    if lost or not words or reads != 200 or after != 200 or not found["whole"] or half:
        raise RuntimeError("the full disk did harm")
    return line
