"""The check-up: small functions that each look at one thing and say, in a sentence, what is wrong and what to do.

They only read. KINDS lists everything that may be said; docs/reference/doctor.md is made from it. `CHECKS` is the
order in which they look; those marked `slow` read whole tables and are left to the daily job and the shell. Rooms
above look at what is theirs: each adds its looks and kinds when it starts (`also_look`).
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import CheckConstraint, Exists, ForeignKey, Max, OuterRef
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shuangbai.core import chain, clock, databases, hashes, keys, papers, periodic, textindex
from shuangbai.core.models import AuditEvent, Installation, PeriodicRun, RunOutcome
from shuangbai.upkeep import archive
from shuangbai.upkeep.enums import Severity
from shuangbai.upkeep.queries import latest_good_backup, latest_key_run
from shuangbai.upkeep.rules import parse_keeping, passphrase_complaint
from shuangbai.upkeep.values import files_by_key, orphaned, values_by_key

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
LITTLE_ROOM, NO_ROOM = 2 * 1024**3, 200 * 1024**2
CLOCKS_APART = 60.0
QUEUE_STUCK = timedelta(minutes=10)
LATE = timedelta(minutes=30)
BACKUP_OLD, BACKUP_TOO_OLD = timedelta(hours=26), timedelta(days=3)
SHORTEST_SIGNING_KEY = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be found: `sentence` may name details in braces, `remedy` says what to do."""

    severity: Severity
    sentence: str
    remedy: str


P, W, N = Severity.PROBLEM, Severity.WARNING, Severity.NOTE
KINDS: dict[str, Kind] = {
    "debug_on": Kind(P, "调试开关是打开的：出错时网页会显示程序内部和数据。", "去掉 SHUANGBAI_DEBUG，重新启动。"),
    "hosts_any": Kind(P, "任何域名都能访问本系统。", "把 SHUANGBAI_HOSTS 写成本单位实际使用的域名。"),
    "hosts_local": Kind(N, "只有本机能访问本系统。", "要给别的电脑用，请设置 SHUANGBAI_HOSTS 和 SHUANGBAI_HTTPS=1。"),
    "https_off": Kind(
        P, "本系统对外开放，却没有用 HTTPS：密码和个人信息会明文经过网络。",
        "按安装说明配好证书和反向代理，设置 SHUANGBAI_HTTPS=1。",
    ),
    "signing_short": Kind(
        P, "签名密钥只有 {length} 个字符，太短，登录状态可能被伪造。", "去掉 SHUANGBAI_SECRET_KEY，让系统自己生成。"
    ),
    "signing_missing": Kind(
        W, "没有签名密钥文件：每个进程各用各的，登录会时有时无。", "重新启动 shuangbai serve，它会生成一个。"
    ),
    "open_folder": Kind(P, "数据目录 {path} 别的用户也能进入。", "运行：chmod 700 {path}"),
    "open_file": Kind(P, "{path} 别的用户也能读。", "运行：chmod 600 {path}"),
    "other_owner": Kind(
        W, "{path} 不属于运行本系统的用户。", "用 chown 改成运行服务的用户，否则更换密钥和备份会失败。"
    ),
    "keys_missing": Kind(P, "{why}", "把备份里的 keys.json 放回数据目录；没有它，证件号、电话和住址再也读不出来。"),
    "key_lost": Kind(
        P, "密钥 {key} 不在密钥文件里，有 {many} 处内容要靠它才读得出来。", "从备份里找回含有 {key} 的 keys.json。"
    ),
    "key_unused": Kind(N, "旧密钥 {key} 已不再加密任何内容。", "过了备份保留期后可以停用：shuangbai keys retire {key}"),
    "key_change_unfinished": Kind(
        W, "更换密钥还没有做完：{many} 处内容仍用旧密钥。", "在密钥页按「接着做」，或运行 shuangbai keys reencrypt。"
    ),
    "files_clear": Kind(W, "保存的文件中有 {many} 个没有加密。", "查明它们从哪里来；本系统自己写的文件都是加密的。"),
    "paper_lost": Kind(
        P, "{room}有 {many} 份文件不在数据目录的 files/papers 里，打不开。",
        "从最近的备份里找回 files/papers 中的这些文件。",
    ),
    "paper_orphan": Kind(
        W, "files/papers 里有 {many} 份文件没有任何记录指着它（如 {name}）。",
        "多半是保存时断电留下的，内容是加密的；确认备份可用后可以删除。",
    ),
    "hashes_stale": Kind(
        P, "{room} 里有查找用的密文对不上，按证件号和尾号会查不到人。", "请在没有人使用时运行 shuangbai keys rehash。"
    ),
    "tables_old": Kind(P, "数据库的表比程序旧，缺 {name} 等 {many} 步。", "重新启动 shuangbai serve，它会补上。"),
    "tables_new": Kind(P, "数据库的表比程序新（有 {name}）。", "装回更新的程序版本；不要用旧程序写入。"),
    "database_damaged": Kind(
        P, "数据库自检没有通过：{why}", "立即停止服务，复制一份现状，再从最近的好备份恢复。"
    ),
    "orphans": Kind(
        P, "{table} 有 {many} 行指向不存在的 {target}（{column}）。",
        "不要手工改；保存现状，从备份恢复，或联系维护人员查明原因。",
    ),
    "constraint_broken": Kind(
        P, "{table} 有 {many} 行不合规定（{name}）。", "不要手工改；保存现状，从备份恢复，或联系维护人员查明原因。"
    ),
    "text_unindexed": Kind(W, "全文查找里缺 {many} 段文字，查「走访中的字句」会漏。", "联系维护人员重建全文索引。"),
    "trail_broken": Kind(P, "{why}", "保护现场，不要改动数据库；请安全审计员对照库外留存的块首核查。"),
    "trail_head": Kind(N, "{why}", "可把这一行抄到别处，日后核对留痕有没有被截短。"),
    "disk_full": Kind(P, "{path} 所在磁盘只剩 {room}。", "马上清理或扩大磁盘，否则不能保存。"),
    "disk_low": Kind(W, "{path} 所在磁盘只剩 {room}，可能放不下一份备份。", "清理或扩大磁盘。"),
    "clocks_differ": Kind(
        P, "数据库与本机的时钟相差 {seconds} 秒。", "两台机器都配上同一个对时服务（chrony 或 systemd-timesyncd）。"
    ),
    "clock_back": Kind(
        P, "本机时钟比最新一条留痕还早 {minutes} 分钟：时钟曾经走到前面，或刚被调回。", "核对本机时间，配上对时服务。"
    ),
    "queue_stuck": Kind(
        P, "有后台任务等了 {minutes} 分钟没人做。", "后台任务进程没有在运行：重新启动 shuangbai serve，查看它的日志。"
    ),
    "jobs_failed": Kind(W, "最近一天有 {many} 个后台任务没有成功。", "查看后台任务的日志。"),
    "periodic_late": Kind(
        P, "定时任务「{name}」应在 {due} 运行，至今没有。", "定时任务进程没有在运行：重新启动 shuangbai serve。"
    ),
    "periodic_failed": Kind(W, "定时任务「{name}」上次没有成功：{why}", "按所说的原因处理；它会自己再试。"),
    "periodic_never": Kind(W, "定时任务还从来没有运行过。", "用 shuangbai serve 启动，它会同时运行定时任务。"),
    "backup_off": Kind(
        P, "没有设置备份口令，自动备份没有运行。",
        "写一个口令文件（chmod 600），把路径设为 SHUANGBAI_BACKUP_PASSPHRASE_FILE，重新启动。",
    ),
    "backup_passphrase": Kind(P, "备份口令不能用：{why}", "改好口令文件的第一行；它的路径是 {path}。"),
    "backup_never": Kind(P, "还没有一份核对过的备份。", "在备份页按「现在备份」，或运行 shuangbai backup。"),
    "backup_old": Kind(P, "最近一份核对过的备份已是 {days} 天前。", "看备份页上没有成功的原因，处理后按「现在备份」。"),
    "backup_late": Kind(W, "最近一份核对过的备份是 {hours} 小时前，昨夜的没有做成。", "看备份页上没有成功的原因。"),
    "backup_gone": Kind(W, "最近一份备份的文件 {path} 不在原处。", "若不是移到别处保管了，请马上再备份一次。"),
    "backup_before_key": Kind(
        P, "最近一份备份做在更换密钥之前，里面没有新密钥。", "在备份页按「现在备份」，或运行 shuangbai backup。"
    ),
    "backup_same_disk": Kind(
        N, "备份和数据在同一块磁盘上，磁盘坏了两样都没有。",
        "把 SHUANGBAI_BACKUPS 设到另一块磁盘，或定时复制到别的机器。",
    ),
    "backup_keep": Kind(P, "SHUANGBAI_BACKUP_KEEP 写得不对：{value}", "写成 7,4,12 的样子：保留几天、几周、几月。"),
    "backup_hour": Kind(W, "SHUANGBAI_BACKUP_HOUR 写得不对：{value}，现按 2 点。", "写成 0 到 23 的整数。"),
    "backup_unverifiable": Kind(
        W, "数据库账号不能新建数据库，备份没法恢复到临时库核对。", "用数据库管理员执行：ALTER ROLE 账号 CREATEDB"
    ),
    "tool_missing": Kind(P, "{why}", "安装与数据库同版本的 postgresql-client。"),
    "static_missing": Kind(P, "样式和脚本还没有收集，网页会没有样式。", "重新启动 shuangbai serve，它会收集。"),
    "pdf_missing": Kind(N, "本机缺少生成 PDF 的系统库（pango），报告只能用浏览器打印。", "安装 libpango-1.0-0。"),
    "could_not_look": Kind(P, "「{check}」这一项没有查成：{why}", "先处理其他问题，再体检一次。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    code: str
    details: dict[str, object]

    @property
    def severity(self) -> Severity:
        return KINDS[self.code].severity

    @property
    def sentence(self) -> str:
        return KINDS[self.code].sentence.format_map(self.details)

    @property
    def remedy(self) -> str:
        return KINDS[self.code].remedy.format_map(self.details)

    def as_dict(self) -> dict[str, str]:
        said = {"sentence": self.sentence, "remedy": self.remedy}
        return {"code": self.code, "severity": str(self.severity), **said}


def found(code: str, **details: object) -> Found:
    return Found(code, details)


Look = Callable[[], Iterator[Found]]


# SETTINGS AND FILES --------------------------------------------------------


def settings_are_safe() -> Iterator[Found]:
    if settings.DEBUG:
        yield found("debug_on")
    outside = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if "*" in outside:
        yield found("hosts_any")
    if outside and not settings.HTTPS:
        yield found("https_off")
    if not outside:
        yield found("hosts_local")


def signing_key_is_sound() -> Iterator[Found]:
    if not os.environ.get("SHUANGBAI_SECRET_KEY") and not keys.secret_path().exists():
        yield found("signing_missing")
    elif len(settings.SECRET_KEY) < SHORTEST_SIGNING_KEY:
        yield found("signing_short", length=len(settings.SECRET_KEY))


def files_are_private() -> Iterator[Found]:
    data = databases.data_folder()
    if data.stat().st_mode & 0o077:
        yield found("open_folder", path=data)
    passphrase = [Path(settings.BACKUP_PASSPHRASE_FILE)] if settings.BACKUP_PASSPHRASE_FILE else []
    for path in [*keys.open_to_others(), *(one for one in passphrase if one.exists() and one.stat().st_mode & 0o077)]:
        yield found("open_file", path=path)
    for path in (data, keys.keys_path(), keys.secret_path()):
        if path.exists() and path.stat().st_uid != os.geteuid():
            yield found("other_owner", path=path)


def static_files_are_there() -> Iterator[Found]:
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" in backend and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield found("static_missing")


def pdf_can_be_made() -> Iterator[Found]:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        yield found("pdf_missing")


def disk_has_room() -> Iterator[Found]:
    need = max(LITTLE_ROOM, 3 * databases.size())
    for path in {databases.data_folder(), Path(settings.BACKUPS_DIR)}:
        if not path.exists():
            continue
        free = shutil.disk_usage(path).free
        if free < NO_ROOM:
            yield found("disk_full", path=path, room=in_words(free))
        elif free < need:
            yield found("disk_low", path=path, room=in_words(free))


def in_words(size: float) -> str:
    """Bytes as people read them."""
    for unit in ("字节", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "字节" else f"{size:.1f} {unit}"
        size /= 1024
    return ""


# KEYS ----------------------------------------------------------------------


def keys_are_there() -> Iterator[Found]:
    try:
        ring = keys.keyring()
    except ImproperlyConfigured as error:
        yield found("keys_missing", why=error)
        return
    installation = Installation.objects.first()
    if installation and installation.key_id not in ring.by_id:
        yield found("key_lost", key=installation.key_id, many=sum(orphaned().values()))


def every_value_opens() -> Iterator[Found]:
    ring = keys.keyring()
    installation = Installation.objects.first()
    for key_id, many in sorted(orphaned().items()):
        if not installation or key_id != installation.key_id:
            yield found("key_lost", key=key_id, many=many)
    values, files = values_by_key(), files_by_key()
    old = [key_id for key_id in ring.by_id if key_id != ring.current.key_id]
    left = sum(values[key_id] + files[key_id] for key_id in old)
    run = latest_key_run()
    if left and (run is None or run.ended_at is not None):
        yield found("key_change_unfinished", many=left)
    for key_id in old:
        if not values[key_id] + files[key_id]:
            yield found("key_unused", key=key_id)
    if files[None]:
        yield found("files_clear", many=files[None])


def papers_are_there() -> Iterator[Found]:
    """What rows name and is not there; and what lies there, for an hour or more, that no row names."""
    kept, named = papers.kept_names(), set()
    for room, names in papers.KEEPERS.items():
        theirs = set(names())
        if theirs - kept:
            yield found("paper_lost", room=room, many=len(theirs - kept))
        named |= theirs
    orphans = sorted(papers.kept_names(older_than=3600) - named)
    if orphans:
        yield found("paper_orphan", many=len(orphans), name=orphans[0])


def hashes_hold() -> Iterator[Found]:
    for keeper in hashes.KEEPERS.values():
        if keeper.stale():
            yield found("hashes_stale", room=keeper.room)


# THE DATABASE --------------------------------------------------------------


def tables_fit_the_code() -> Iterator[Found]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield found("tables_old", name=f"{plan[0][0].app_label}.{plan[0][0].name}", many=len(plan))
    known = set(executor.loader.disk_migrations)
    own = {app for app, _ in known}
    newer = sorted(key for key in executor.loader.applied_migrations if key[0] in own and key not in known)
    if newer:
        yield found("tables_new", name=".".join(newer[-1]))


def database_is_sound() -> Iterator[Found]:
    complaint = databases.complaint()
    if complaint:
        yield found("database_damaged", why=complaint)


def keys_point_somewhere() -> Iterator[Found]:
    """Rows whose foreign key names a row that is not there, in every table; history is allowed to outlive."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, ForeignKey) or not getattr(field, "db_constraint", True):
                continue
            there = field.related_model._base_manager.filter(**{field.target_field.name: OuterRef(field.attname)})
            lost = model._base_manager.filter(**{f"{field.attname}__isnull": False}).exclude(Exists(there)).count()
            if lost:
                target, table = field.related_model._meta.db_table, model._meta.db_table
                yield found("orphans", table=table, many=lost, target=target, column=field.column)


def constraints_hold() -> Iterator[Found]:
    """Rows that break a named rule of their table: somebody went round the database's own refusal."""
    editor = connection.schema_editor()
    quote = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        for constraint in model._meta.constraints:
            if not isinstance(constraint, CheckConstraint):
                continue
            condition = constraint._get_check_sql(model, editor)  # type: ignore[attr-defined]
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {quote(table)} WHERE NOT ({condition})")  # noqa: S608
                (many,) = cursor.fetchone()
            if many:
                yield found("constraint_broken", table=table, many=many, name=constraint.name)


def texts_are_found() -> Iterator[Found]:
    missing = textindex.missing()
    if missing:
        yield found("text_unindexed", many=missing)


def trail_is_whole() -> Iterator[Found]:
    report = chain.verify()
    if not report.sound:
        for sentence in report.sentences()[: 1 + len(report.faults)]:
            yield found("trail_broken", why=sentence)
    elif report.number:
        yield found("trail_head", why=f"留痕完好，共 {report.number} 块；最后一块的块首是 {report.head}。")


# TIME ----------------------------------------------------------------------


def clocks_agree() -> Iterator[Found]:
    difference = databases.clock_difference(time.time())
    if difference is not None and abs(difference) > CLOCKS_APART:
        yield found("clocks_differ", seconds=round(abs(difference)))
    if clock.standing_day() is None:
        latest = AuditEvent.objects.aggregate(at=Max("at"))["at"]
        ahead = latest - clock.machine_now() if latest else timedelta(0)
        if ahead.total_seconds() > CLOCKS_APART:
            yield found("clock_back", minutes=round(ahead.total_seconds() / 60) or 1)


def jobs_are_done() -> Iterator[Found]:
    now = clock.machine_now()
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    if oldest and now - oldest > QUEUE_STUCK:
        yield found("queue_stuck", minutes=round((now - oldest).total_seconds() / 60))
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=now - timedelta(days=1))
    many = failed.count()
    if many:
        yield found("jobs_failed", many=many)


def periodic_jobs_run() -> Iterator[Found]:
    now, rows = clock.machine_now(), {row.name: row for row in PeriodicRun.objects.all()}
    listed = list(periodic.jobs())
    if listed and not rows:
        yield found("periodic_never")
    for job in listed:
        row = rows.get(job.name)
        if row is None:
            continue
        running = row.outcome == RunOutcome.RUNNING and row.started_at and now - row.started_at < job.patience + LATE
        if row.due_at < now - LATE and not running:
            yield found("periodic_late", name=job.name, due=clock.local(row.due_at).strftime("%m-%d %H:%M"))
        elif row.outcome == RunOutcome.FAILED:
            yield found("periodic_failed", name=job.name, why=row.error)


# BACKUPS -------------------------------------------------------------------


def backups_are_set_up() -> Iterator[Found]:
    try:
        parse_keeping(settings.BACKUP_KEEP)
    except ValueError:
        yield found("backup_keep", value=settings.BACKUP_KEEP)
    if str(settings.BACKUP_HOUR) != settings.BACKUP_HOUR_SAID:
        yield found("backup_hour", value=settings.BACKUP_HOUR_SAID)
    try:
        passphrase = archive.scheduled_passphrase()
    except ImproperlyConfigured as error:
        yield found("backup_passphrase", why=error, path=settings.BACKUP_PASSPHRASE_FILE)
        return
    if passphrase is None:
        yield found("backup_off")
    elif complaint := passphrase_complaint(passphrase):
        yield found("backup_passphrase", why=complaint, path=settings.BACKUP_PASSPHRASE_FILE)
    try:
        databases.check_tools()
    except ImproperlyConfigured as error:
        yield found("tool_missing", why=error)
    if not databases.may_create_databases():
        yield found("backup_unverifiable")


def backup_is_recent() -> Iterator[Found]:
    run = latest_good_backup()
    if run is None or run.ended_at is None:
        yield found("backup_never")
        return
    age = clock.machine_now() - run.ended_at
    if age > BACKUP_TOO_OLD:
        yield found("backup_old", days=age.days)
    elif age > BACKUP_OLD:
        yield found("backup_late", hours=round(age.total_seconds() / 3600))
    change = latest_key_run()
    if change and change.asked_at > run.asked_at:
        yield found("backup_before_key")
    path = Path(run.folder) / run.name
    if not path.exists():
        yield found("backup_gone", path=path)
    elif path.stat().st_dev == databases.data_folder().stat().st_dev:
        yield found("backup_same_disk")


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the installation. `slow` ones read whole tables."""

    label: str
    look: Look
    slow: bool = False


CHECKS = [
    Check("设置", settings_are_safe),
    Check("签名密钥", signing_key_is_sound),
    Check("文件权限", files_are_private),
    Check("密钥", keys_are_there),
    Check("表结构", tables_fit_the_code),
    Check("磁盘", disk_has_room),
    Check("时钟", clocks_agree),
    Check("后台任务", jobs_are_done),
    Check("定时任务", periodic_jobs_run),
    Check("备份设置", backups_are_set_up),
    Check("最近备份", backup_is_recent),
    Check("静态文件", static_files_are_there),
    Check("PDF", pdf_can_be_made, slow=True),
    Check("数据库自检", database_is_sound, slow=True),
    Check("行与行的指向", keys_point_somewhere, slow=True),
    Check("表的规定", constraints_hold, slow=True),
    Check("密钥与内容", every_value_opens, slow=True),
    Check("附件", papers_are_there, slow=True),
    Check("查找密文", hashes_hold, slow=True),
    Check("全文查找", texts_are_found, slow=True),
    Check("留痕", trail_is_whole, slow=True),
]
ORDER = list(Severity)


def also_look(check: Check, kinds: Mapping[str, Kind]) -> None:
    """A look that a room above makes, and what it may find; called once, by the room's AppConfig."""
    CHECKS.append(check)
    KINDS.update(kinds)


def examine(*, slow: bool | None = None, told: Callable[[str], None] = lambda label: None) -> list[Found]:
    """Look at everything, or at what is `slow` or is not; problems first.

    A look that fails is a finding itself and keeps no other from being made.
    """
    findings: list[Found] = []
    for check in CHECKS:
        if slow is not None and check.slow != slow:
            continue
        told(check.label)
        try:
            findings += check.look()
        except (DatabaseError, ImproperlyConfigured, OSError) as error:
            said = str(error).strip().splitlines()
            findings.append(found("could_not_look", check=check.label, why=said[0] if said else type(error).__name__))
    return sorted(findings, key=lambda one: ORDER.index(one.severity))
