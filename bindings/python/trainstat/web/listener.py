"""What uvicorn lacks for a server without a proxy before it: an end at once, and a time for requests to arrive in."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

_REQUEST_SECONDS = 20.0  # that the first request of a connection may take to arrive


class Listener(H11Protocol):
    """Cuts a connection that does not ask for anything."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(_REQUEST_SECONDS, self._cut_unless_asked)

    def _cut_unless_asked(self) -> None:
        if self.cycle is None:
            self.transport.abort()


class Server(uvicorn.Server):
    """Ends with whatever is still being sent cut after a moment."""

    def __init__(self, config: uvicorn.Config, farewell_seconds: float) -> None:
        super().__init__(config)
        self._farewell_seconds = farewell_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(self._farewell_seconds, self._cut)
        await super().shutdown(sockets)

    def _cut(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
