"""The vendors' protocols over HTTP, and a page for people. Needs the extra ``trainstat[web]``.

``application`` makes an ASGI application, to be mounted in a host's own or run by uvicorn, which ``python -m trainstat serve`` does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["application"]


def application(
    *,
    moodle: str,
    directory: str | os.PathLike[str],
    token: str,
    public_url: str,
    prefix: str = "mdl_",
    forms: Sequence[int] | Literal["all"] = (),
    timezone: str | None = None,
    company: str = "",
    modules: Mapping[str, bool] = {"trainings": True},
    keep_seconds: int = 86400,
) -> Starlette:
    """One site's reports as an ASGI application for one event loop at a time.

    >>> import tempfile
    >>> from trainstat import web
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     app = web.application(
    ...         moodle="sqlite:////srv/moodle.sqlite", directory=directory, token="c29tZSByYW5kb20gYnl0ZXM",
    ...         public_url="https://lms.example.org/statistics",
    ...     )
    >>> [route.path for route in app.routes][:3]
    ['/v2', '/v3', '/files/{name:path}']

    ``moodle`` is the database's URL for SQLAlchemy, ``prefix`` that of its tables. ``directory``, made where it is missing, holds
    the tasks, the reports and the secret of their URLs; any number of servers of one machine may share it. ``public_url`` is where
    clients reach the place that the application is mounted at. ``forms`` and ``timezone`` are options of the reports ("all": every
    questionnaire field of the site). One task runs at a time for each ``company``. ``modules`` switches what is on. A finished
    report, or the log of a failed one, is kept for ``keep_seconds``, and no longer than its task's record (see ``Tasks``). Servers
    of one company in one directory must be given the same, since each deletes what it holds for expired.

    What is refused raises TrainstatError here. Where the host does not run the application's lifespan, old files go with the next
    requests rather than by the clock.
    """
    from .asgi import build
    from .service import Service

    return build(
        Service(
            moodle=moodle,
            directory=directory,
            token=token,
            public_url=public_url,
            prefix=prefix,
            forms=forms,
            timezone=timezone,
            company=company,
            modules=modules,
            keep_seconds=keep_seconds,
        )
    )
