"""What systemd would do with the product's units, as far as a machine without it can: `systemctl VERB UNIT …`.

The lines of the unit files themselves are run: user, environment file, directories, umask, no new privileges, no
capabilities, notification of readiness. What only the kernel's name spaces give (ProtectSystem and the like) is
not tried. nginx and postgresql are started by their own tools.
"""

import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path(os.environ.get("TRIAL_STATE", "/tmp/shuangbai-trial"))  # noqa: S108
NGINX_SITE = Path("/etc/nginx/sites-available/shuangbai")


def settings_of(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / f"{unit}.service").read_text(encoding="utf-8").splitlines():
        name, mark, value = line.partition("=")
        if mark and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def environment_of(file: str) -> dict[str, str]:
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def pid_of(unit: str) -> int | None:
    file = STATE / f"{unit}.pid"
    if not file.exists():
        return None
    pid = int(file.read_text())
    return pid if Path(f"/proc/{pid}").exists() else None


def start(unit: str) -> None:
    if pid_of(unit):
        return
    told = settings_of(unit)
    account = pwd.getpwnam(told["User"][0])
    for kind, root in (("RuntimeDirectory", "/run"), ("StateDirectory", "/var/lib")):
        for name in told.get(kind, []):
            place = Path(root) / name
            place.mkdir(exist_ok=True)
            os.chown(place, account.pw_uid, account.pw_gid)
            place.chmod(int(told[f"{kind}Mode"][0], 8))
    notify = STATE / f"{unit}.notify"
    notify.unlink(missing_ok=True)
    told_ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told_ready.bind(str(notify))
    notify.chmod(0o777)
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": account.pw_dir}
    environment |= {"LANG": "C.UTF-8"} | environment_of(told["EnvironmentFile"][0])
    if told["Type"] == ["notify"]:
        environment["NOTIFY_SOCKET"] = str(notify)
    lower = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--init-groups", "--no-new-privs"]
    command = [*lower, "--inh-caps=-all", "--bounding-set=-all", *shlex.split(told["ExecStart"][0])]
    with (STATE / "journal.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=told["WorkingDirectory"][0], umask=int(told["UMask"][0], 8), stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    (STATE / f"{unit}.pid").write_text(str(process.pid))
    if told["Type"] == ["notify"]:
        told_ready.settimeout(1)
        limit = time.monotonic() + int(told["TimeoutStartSec"][0])
        while True:
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"{unit} did not start; see {STATE / 'journal.log'}")
            try:
                if b"READY=1" in told_ready.recv(4096):
                    break
            except TimeoutError:
                pass
    else:
        time.sleep(1)
        if process.poll() is not None:
            sys.exit(f"{unit} ended at once; see {STATE / 'journal.log'}")


def stop(unit: str) -> None:
    pid = pid_of(unit)
    if not pid:
        return
    os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + int(settings_of(unit)["TimeoutStopSec"][0])
    while Path(f"/proc/{pid}").exists() and "Z" not in _status(pid) and time.monotonic() < limit:
        time.sleep(0.1)
    for left in (pid,):
        if Path(f"/proc/{left}").exists() and "Z" not in _status(left):
            os.killpg(left, signal.SIGKILL)
    (STATE / f"{unit}.pid").unlink()
    for name in settings_of(unit).get("RuntimeDirectory", []):
        shutil.rmtree(Path("/run") / name, ignore_errors=True)


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def reload(unit: str) -> None:
    pid = pid_of(unit)
    if not pid:
        sys.exit(f"{unit} is not running")
    subprocess.run(shlex.split(settings_of(unit)["ExecReload"][0].replace("$MAINPID", str(pid))), check=True)


def nginx(verb: str) -> None:
    if NGINX_SITE.exists():  # on this machine to itself alone
        text = NGINX_SITE.read_text(encoding="utf-8")
        NGINX_SITE.write_text(re.sub(r"listen (\d+)", r"listen 127.0.0.1:\1", text), encoding="utf-8")
    if verb in ("stop", "restart") and Path("/run/nginx.pid").exists():
        subprocess.run(["nginx", "-s", "quit"], check=False, capture_output=True)
        time.sleep(1)
    if verb in ("start", "restart"):
        subprocess.run(["nginx"], check=True)


def postgresql(verb: str) -> None:
    listed = subprocess.run(["pg_lsclusters", "--no-header"], capture_output=True, text=True, check=True).stdout
    version, name, *_ = listed.split()
    done = subprocess.run(["pg_ctlcluster", version, name, verb], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 2):  # 2: it is so already
        sys.exit(done.stderr)


def main(words: list[str]) -> None:
    verb, *units = [word for word in words if not word.startswith("-")]
    STATE.mkdir(exist_ok=True)
    if verb in ("daemon-reload", "enable"):
        return
    for unit in units:
        if unit in ("nginx", "postgresql"):
            globals()[unit](verb)
        elif verb == "restart":
            stop(unit)
            start(unit)
        else:
            {"start": start, "stop": stop, "reload": reload}[verb](unit)


if __name__ == "__main__":
    main(sys.argv[1:])
