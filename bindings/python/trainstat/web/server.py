"""python -m trainstat serve: the application run by uvicorn, for trying and for small sites."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import math
import os
import socket
import stat
import sys
import traceback
from pathlib import Path

from ..errors import TrainstatError
from ..moodle import Moodle
from .messages import public

_BACKLOG = 64  # connections that wait to be accepted
_IDLE_SECONDS = 5  # that a connection may wait for its next request
_FAREWELL_SECONDS = 1.0  # for what is being answered when the server ends
_REQUEST_BYTES = 16384  # of the line and headers of a request


def serve(parsed: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C; reports that are being written go on without it."""
    try:
        import uvicorn

        from . import application
        from .listener import CONNECTIONS, Listener, Server
    except ImportError as error:
        raise TrainstatError(f'serving needs {error.name}, which the extra "web" of this package brings') from None
    token = _token(parsed.token_file)
    listener = _listening(parsed.host, parsed.port)
    url = _origin(listener)
    if parsed.public_url is None and ipaddress.ip_address(listener.getsockname()[0]).is_unspecified:
        raise TrainstatError(f"--public-url is missing: nobody else can fetch a report from {url}, which stands for all addresses")
    app = application(
        moodle=parsed.moodle,
        directory=parsed.directory or _usual_directory(),
        token=token,
        public_url=url if parsed.public_url is None else parsed.public_url,
        prefix=parsed.prefix,
        forms=parsed.forms,
        timezone=parsed.timezone,
        company=parsed.company,
        modules=dict(parsed.module),
        keep_seconds=parsed.keep_files,
    )
    with Moodle(parsed.moodle, parsed.prefix) as site:  # better said now than to the first client
        site.check("ekvio.trainings_statistic")
    _log_to_stderr()
    config = uvicorn.Config(
        app,
        http=Listener,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # the URLs of files are secrets
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=math.ceil(_FAREWELL_SECONDS),
        timeout_keep_alive=_IDLE_SECONDS,
        h11_max_incomplete_event_size=_REQUEST_BYTES,
    )
    print(f"listening on {url}", file=sys.stderr, flush=True)
    Server(config, _FAREWELL_SECONDS).run(sockets=[listener])
    return 0


def _token(file: str | None) -> str:
    """From the file's first line, else from the environment, which forgets it: it is nothing for other processes."""
    given = os.environ.pop("TRAINSTAT_TOKEN", "")
    if file is None:
        if not given:
            raise TrainstatError("the token is missing: give it as TRAINSTAT_TOKEN or in the first line of --token-file")
        return given
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            if os.fstat(opened.fileno()).st_mode & stat.S_IROTH:
                raise TrainstatError(f"the token file {file} can be read by everybody: chmod 600 it")
            return opened.readline().strip()
    except OSError as error:
        raise TrainstatError(f"the token file {file} cannot be read: {error.strerror}") from None


def _usual_directory() -> Path:
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state") / "trainstat"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address, family=family, backlog=_BACKLOG)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer on a kept connection waits for 40 ms
        return listener
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no such host"
        raise TrainstatError(f"cannot listen on {host}, port {port}: {why}") from None


def _origin(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _Discreet(logging.Formatter):
    """Tells where an exception came from, not its text, which may hold values of rows."""

    def formatException(self, ei: object) -> str:
        _, error, trace = sys.exc_info() if not isinstance(ei, tuple) else ei
        return "".join(traceback.format_tb(trace)) + (public(error) if error else "")
