"""What goes into a log: where something happened and what kind of thing, never what was typed or stored.

An error's own words may quote a row ("Failing row contains …") or what somebody typed. They are kept only for errors of
the machine, which speak of connections, files and settings.
"""

import logging
import traceback
from types import TracebackType

MACHINE = ("OperationalError", "InterfaceError", "ImproperlyConfigured", "TemplateDoesNotExist", "TimeoutError")


class WithoutValues(logging.Formatter):
    """Tracebacks as file, line and function, ending with the kind of error; its words only for the machine's."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have written it down whole
        return super().format(record)

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        lines, error = [], ei[1]
        while error is not None:
            lines.append(self._one(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(reversed(lines))

    def _one(self, error: BaseException) -> str:
        places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        kind = type(error)
        machine = kind.__name__ in MACHINE or isinstance(error, OSError)
        words = f": {str(error).splitlines()[0]}" if machine and str(error) else ""
        return f"{places}\n{kind.__module__}.{kind.__qualname__}{words}"
