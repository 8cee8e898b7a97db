"""The application: the endpoints, the page, and what holds for every answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from . import ekvio, eloomi, files, page
from .service import Service
from .shield import Shield, tell


def build(service: Service) -> Starlette:
    """The application of a service, mountable anywhere."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(service))
        try:
            yield
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping

    routes = [ekvio.mount(service), eloomi.mount(service), files.route(service), *page.routes(service)]
    made = Starlette(routes=routes, middleware=[Middleware(Shield)], lifespan=lifespan)
    made.router.redirect_slashes = False
    return made


async def _sweep(service: Service) -> None:
    while True:
        try:
            await run_in_threadpool(service.sweep_now_and_then)
        except Exception as error:  # no thread to be had: files go later
            tell(error)
        await asyncio.sleep(service.sweep_seconds)
