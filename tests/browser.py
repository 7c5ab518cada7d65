"""A browser without a window, that opens a page served from memory and sends back what its script has found."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

PATIENCE_S = 60
"""Guards against a hang."""


def sent_by_page(page: str, files: Mapping[str, bytes], folder: Path, count: int) -> dict[str, bytes]:
    """Return the ``count`` things that a page's script sends by POST, by the path each is sent to.

    ``files`` are served beside the page, whole or in the ranges that are asked for, by their paths. ``folder`` is for
    what the browser keeps.
    """
    sent: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
    served = {"/": page.encode(), **files}
    with _serving(served, sent) as address, _browsing(address, folder):
        return dict(sent.get(timeout=PATIENCE_S) for _ in range(count))


@contextmanager
def _serving(files: Mapping[str, bytes], sent: SimpleQueue[tuple[str, bytes]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            sent.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(204, b"")

        def do_GET(self) -> None:
            data = files.get(self.path)
            if data is None:
                self._answer(404, b"")
                return
            first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
            if not first:
                self._answer(200, data)
                return
            stop = int(last) + 1 if last else len(data)
            self._answer(206, data[int(first) : stop], f"bytes {first}-{stop - 1}/{len(data)}")

        def _answer(self, status: int, data: bytes, content_range: str | None = None) -> None:
            self.send_response(status)
            if content_range:
                self.send_header("Content-Range", content_range)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Type", "text/html" if self.path == "/" else "audio/mpeg")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:
                # A browser that seeks drops the connection it has read from.
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@contextmanager
def _browsing(address: str, folder: Path) -> Iterator[None]:
    assert CHROMIUM is not None
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        # Nobody listens: a clock takes the samples at their time, as a sound card would.
        "--disable-audio-output",
        "--autoplay-policy=no-user-gesture-required",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
    ]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen([CHROMIUM, *options, address], stdout=said, stderr=said)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
