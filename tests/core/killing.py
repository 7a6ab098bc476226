"""A job that can be watched: it says in a file that it began, waits, and then does one thing in the database."""

import time
from pathlib import Path

from django_tasks import task

from shuangbai.core import audit
from shuangbai.core.actions import writing
from shuangbai.core.models import AuditEvent

DONE = audit.Kind("test.slow_job_done", "{by} 做完了")


@task()
def slow_job(key: str, folder: str, seconds: float) -> None:
    """Leave exactly one entry about `key`, however often it is begun."""
    with (Path(folder) / key).open("a") as begun:
        begun.write("b")
    time.sleep(seconds)
    with writing():
        if AuditEvent.objects.filter(kind=DONE.code, about_id=key).exists():
            return
        subject = AuditEvent(id=None)
        event = audit.entry(DONE, by=None, about=subject)
        event.about_id = key
        event.digest = audit.digest_of(event)  # it speaks of the key too, or the trail is not sound
        event.save(force_insert=True)


@task()
def hopeless(key: str) -> None:
    raise ValueError(f"cannot do {key}")
