"""Files that people send: into a temporary file piece by piece, and never more of one than any page reads."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST_BYTES = 101 * 1024 * 1024
"""A little more than the largest file that is read, so that the page which reads it says itself what is too large."""
TOO_LARGE = "upload_too_large"
PIECE = 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Stands before the handler that writes: what is too large is not written at all, and the page is told.

    The rest of such a request is read and thrown away, so that its sender gets an answer and not a broken connection.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Look at what the sender says of the length."""
        self.source = input_data
        self.announced = content_length
        self.received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a file before its first byte."""
        super().new_file(*args, **kwargs)
        if self.announced > MOST_BYTES:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on to the next handler."""
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """Leave the file to the handler that wrote it."""
        return None

    def _refuse(self) -> None:
        setattr(self.request, TOO_LARGE, True)
        while self.source.read(PIECE):
            pass
        raise StopUpload(connection_reset=True)
