"""What is sent as a file stays in memory, and no more of it than is allowed: never a temporary file on disk."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 5 * 1024 * 1024  # bytes


class LimitedUpload(FileUploadHandler):
    """Takes a file into memory up to LARGEST and lets the rest pass by; `size` tells how much was sent."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._kept, self._sent = io.BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._sent += len(raw_data)
        if self._sent <= LARGEST:
            self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._kept.seek(0)
        return InMemoryUploadedFile(
            self._kept, self.field_name, self.file_name or "", self.content_type or "", self._sent, self.charset,
            self.content_type_extra,
        )  # fmt: skip
