"""`python -m tests.install --yes`: follow docs/how-to/install.md to the letter, use what it made, and clear it away.

As root, on a Debian machine without an installation of the product: it makes the user `shuangbai`, /opt/shuangbai,
/etc/shuangbai, a role and a database in the machine's PostgreSQL, and listens on 127.0.0.1:80 and :443.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

from reliability.client import Answer, Client, form_of, over_tls
from tests.install.guide import GUIDES, ROOT, Block, blocks

STATE = Path("/tmp/shuangbai-trial")  # noqa: S108
FIRST, SECOND = Path("/tmp/shuangbai-wheelhouse"), Path("/tmp/shuangbai-wheelhouse-2")  # noqa: S108
HOST, PASSWORD = "shuangbai.example", "shuangbai-2020"
MADE = [Path(f"/{one}") for one in ("opt/shuangbai", "etc/shuangbai", "var/lib/shuangbai", "var/backups/shuangbai",
        "etc/nginx/sites-available/shuangbai", "etc/logrotate.d/shuangbai", "usr/local/sbin/shuangbai")]  # fmt: skip
STORY = "按安装说明装好后记下的第一次走访：老人血压偏高，提醒按时服药。"
LOG = ROOT / "docs" / "reference" / "install-log.md"
lines: list[str] = []
began = time.monotonic()


def note(what: str) -> None:
    line = f"{time.monotonic() - began:6.0f} s  {what}"
    lines.append(line)
    print(line, flush=True)


def run(block: Block) -> str:
    """One block of the guide in a shell of its own, as it stands there."""
    environment = {name: value for name, value in os.environ.items() if "SHUANGBAI" not in name and "PIP" not in name}
    environment |= {"PATH": f"{STATE / 'bin'}:/usr/local/sbin:{os.environ['PATH']}", "TRIAL_STATE": str(STATE)}
    command = ["bash", "-euo", "pipefail", "-c", block.commands]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    for line in block.commands.strip().splitlines():
        note(f"# {line}" if len(line) < 110 else f"# {line[:107]}...")
    said = "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "WARNING" not in line).strip()
    for line in said.splitlines()[-6:]:
        note(f"  {line[:140]}")
    if done.returncode:
        raise SystemExit(f"the block failed ({done.returncode}):\n{block.commands}\n{said}")
    return done.stdout


def shims() -> None:
    """Stand-ins for what a container lacks: systemctl runs the units' own lines, apt-get only looks."""
    folder = STATE / "bin"
    shutil.rmtree(STATE, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "systemctl").write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/tests/install/units.py "$@"\n')
    each = "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' $one"
    looks = f"for one; do case $one in -*|install) ;; *) {each};; esac; done"
    (folder / "apt-get").write_text(f"#!/bin/sh\n{looks} 2>&1 || true\n")
    for file in folder.iterdir():
        file.chmod(0o755)


def second_build() -> None:
    """A later version: another number and one more step of the tables, otherwise the same."""
    copy = STATE / "second"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "docs", ".*_cache", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    settings = copy / "pyproject.toml"
    settings.write_text(settings.read_text().replace('version = "0.1.0"', 'version = "0.1.1"'))
    folder = copy / "shuangbai" / "visits" / "migrations"
    leaf = max(path.stem for path in folder.glob("0*.py"))
    (folder / "0999_trial.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("visits", "{leaf}")]\n    operations = []\n'
    )
    shutil.copytree(FIRST, SECOND, ignore=shutil.ignore_patterns("shuangbai-*.whl"))
    pip = [ROOT / ".venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "-q", "wheel"]
    subprocess.run([*pip, "--no-build-isolation", "--no-deps", "--no-index", "-w", SECOND, copy], check=True)
    sums = "find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS"
    subprocess.run(["sh", "-c", sums], cwd=SECOND, check=True)


# USING IT --------------------------------------------------------------------
def expect(holds: object, what: str, answer: Answer | None = None) -> None:
    if not holds:
        raise SystemExit(f"not so: {what}" + (f" ({answer.status} at {answer.path})" if answer else ""))
    note(f"ok: {what}")


def browser() -> Client:
    return Client(over_tls("/etc/shuangbai/tls/server.crt", HOST), HOST, secure=True)


def signed_in(username: str) -> Client:
    client = browser()
    answer = client.sign_in(username, PASSWORD)
    expect(answer.status == 200 and "signin" not in answer.path, f"{username} signs in through nginx over TLS", answer)
    return client


def save_a_visit(client: Client, story: str) -> str:
    page = client.get("/families/").text
    family = re.search(r"/families/([0-9a-f-]{36})/", page)
    assert family, page
    address = f"/visits/new?family={family[1]}"
    values, choices = form_of(client.get(address).text)
    values |= {"narrative": [story], "met": choices["met"][:1], "client_id": [str(uuid.uuid4())]}
    answer = client.send(address, values)
    expect(answer.status == 200 and story in answer.text, "a visit is saved and read back", answer)
    return answer.path


def check_outside(client: Client) -> None:
    answer = client.get("/")
    for name in ("strict-transport-security", "content-security-policy", "x-frame-options", "referrer-policy"):
        expect(answer.headers.get(name), f"the answer carries {name}")
    raw = subprocess.run(
        ["curl", "-sik", "--resolve", f"{HOST}:443:127.0.0.1", f"https://{HOST}/signin"],
        capture_output=True, text=True, check=True,
    ).stdout.lower()  # fmt: skip
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options", "set-cookie: csrf"):
        expect(raw.count(f"\n{name}") == 1, f"{name} comes once")
    expect("secure" in raw.split("set-cookie: csrf")[1].splitlines()[0], "cookies are for TLS alone")
    plain = subprocess.run(
        ["curl", "-si", "--resolve", f"{HOST}:80:127.0.0.1", f"http://{HOST}/signin?next=/x"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    expect(f"Location: https://{HOST}/signin\n" in plain, "port 80 sends on to TLS")
    other = subprocess.run(["curl", "-sk", "https://127.0.0.1/"], capture_output=True, check=False)
    expect(other.returncode != 0, "another name is not answered")


def check_inside() -> None:
    """What lies on the disk, and what is in the logs."""
    data = Path("/var/lib/shuangbai")
    expect(data.stat().st_mode & 0o777 == 0o700, "the data directory is closed to others")
    kept = [path for path in data.rglob("*") if path.is_file() and data / "static" not in path.parents]
    loose = [str(path) for path in kept if path.stat().st_mode & 0o077]
    expect(not loose, f"no file of the data but styles and scripts is readable by others {loose[:3] or ''}")
    owner = subprocess.run(["ps", "-eo", "user:20,args"], capture_output=True, text=True, check=True)
    ours = [line for line in owner.stdout.splitlines() if "/opt/shuangbai/" in line and "ps -eo" not in line]
    expect(ours and all(line.startswith("shuangbai ") for line in ours), "the services run as their own user")
    logs = [Path("/var/log/nginx/shuangbai.access.log"), STATE / "journal.log"]
    said = "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)
    expect("GET /families/ 200" in said, "requests are noted by path")
    expect("%E8%A1%80" not in said and "q=" not in said and "血压" not in said, "no searched word is in a log")


def use(story: str) -> str:
    worker = signed_in("worker")
    place = save_a_visit(worker, story)
    expect(worker.get("/records/?q=%E8%A1%80%E5%8E%8B").status == 200, "words are searched for")
    officer = signed_in("officer")
    report = officer.get("/reports/results/")
    expect(report.status == 200 and "走访" in report.text, "the officer sees the report", report)
    return place


def try_it() -> None:
    told = blocks(GUIDES[0])
    by_tag = {tag: [block for block in told if tag in block.tags] for tag in ("connected", "update", "back", "restore")}
    run(by_tag["connected"][0])
    second_build()
    note(f"a second build for the update: {next(SECOND.glob('shuangbai-*.whl')).name}")
    for block in told:
        if block.tags[0] == "server" and not {"update", "back", "restore"} & set(block.tags):
            run(block)
    first = use(STORY)
    check_outside(signed_in("worker"))
    check_inside()
    said = run(by_tag["update"][0])
    expect(said.strip().endswith("ok"), "ready after the update")
    expect("0.1.1" in version(), f"the second build is in use ({version()})")
    worker = signed_in("worker")
    expect(STORY in worker.get(first).text, "what was saved before the update is there")
    later = save_a_visit(worker, "升级之后记下的走访。")
    said = run(by_tag["back"][0])
    expect(said.strip().endswith("migrations"), "the release before sees that the tables are newer")
    said = run(by_tag["restore"][0])
    expect(said.strip().endswith("ok"), "ready after the backup was put back")
    expect("0.1.0" in version(), f"the first build is in use again ({version()})")
    worker = signed_in("worker")
    expect(STORY in worker.get(first).text, "what was saved before the backup is there")
    expect(worker.get(later).status == 404, "what came after it is not")


def version() -> str:
    code = "from importlib.metadata import version; print(version('shuangbai'))"
    return subprocess.run(
        ["/opt/shuangbai/current/bin/python", "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def clear() -> None:
    """Leave the machine as it was."""
    for unit in ("shuangbai-periodic", "shuangbai-worker", "shuangbai-web", "nginx"):
        subprocess.run([STATE / "bin" / "systemctl", "stop", unit], check=False, capture_output=True)
    for command in (
        "psql -qc 'DROP DATABASE IF EXISTS shuangbai WITH (FORCE)'",
        "psql -qc 'DROP ROLE IF EXISTS shuangbai'",
    ):
        subprocess.run(
            ["runuser", "-u", "postgres", "--", "sh", "-c", command], check=False, cwd="/", capture_output=True
        )
    aside = "psql -Atc \"SELECT datname FROM pg_database WHERE datname LIKE 'shuangbai%'\""
    left = subprocess.run(
        ["runuser", "-u", "postgres", "--", "sh", "-c", aside], cwd="/", capture_output=True, text=True, check=False
    )
    for name in left.stdout.split():
        subprocess.run(["runuser", "-u", "postgres", "--", "dropdb", name], check=False, cwd="/", capture_output=True)
    subprocess.run(
        ["runuser", "-u", "postgres", "--", "psql", "-qc", "DROP ROLE IF EXISTS shuangbai"],
        check=False,
        cwd="/",
        capture_output=True,
    )
    subprocess.run([STATE / "bin" / "systemctl", "stop", "postgresql"], check=False, capture_output=True)
    for path in [
        *MADE,
        *Path("/etc/systemd/system").glob("shuangbai-*.service"),
        Path("/etc/nginx/sites-enabled/shuangbai"),
        FIRST,
        SECOND,
    ]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    subprocess.run(["gpasswd", "-d", "www-data", "shuangbai"], check=False, capture_output=True)
    subprocess.run(["userdel", "shuangbai"], check=False, capture_output=True)


def main(words: list[str]) -> int:
    if "--yes" not in words or os.geteuid() != 0:
        print(__doc__, file=sys.stderr)
        return 2
    there = [str(path) for path in [*MADE, FIRST, SECOND] if path.exists()]
    if there:
        print(f"there already: {' '.join(there)}", file=sys.stderr)
        return 1
    shims()
    try:
        try_it()
    finally:
        if "--keep" not in words:
            clear()
    note("all of it holds")
    if "--write" in words:
        LOG.write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    day = time.strftime("%Y-%m-%d", time.gmtime())
    system = next(line for line in Path("/etc/os-release").read_text().splitlines() if line.startswith("PRETTY_NAME"))
    head = (
        f"# The install guide, followed\n\nWritten by `make try-install ARGS='--yes --write'` on {day}, as root, on "
        f"{system.split('=')[1].strip(chr(34))} with PostgreSQL and nginx from apt. It runs the blocks of "
        "[the guide](../how-to/install.md) as they stand, uses the product through nginx over TLS, updates it to a "
        "second build with newer tables, goes back, and clears everything away. A container has no systemd: the "
        "units' own lines (user, environment, directories, umask, notification) are run by `tests/install/units.py`, "
        "and the files pass `systemd-analyze verify`; their sandboxing by the kernel is not tried here.\n\n```\n"
    )
    return head + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
