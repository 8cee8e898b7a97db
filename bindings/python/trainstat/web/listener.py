"""What uvicorn lacks for a server without a proxy before it: an end at once, few connections, and a time for requests to arrive in."""

from __future__ import annotations

import asyncio
import socket

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 400  # at once; well below the usual limit of 1024 descriptors, of which each may need another for a file
_REQUEST_SECONDS = 20.0  # that a request may take to arrive, its body too


class Listener(H11Protocol):
    """Cuts a connection that is one too many, or does not say what it asks for."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        else:
            self._expect_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _expect_request(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(_REQUEST_SECONDS, self._cut_unless_asked)

    def _cut_unless_asked(self) -> None:
        state = self.conn.their_state
        has_begun = bool(self.conn.trailing_data[0])  # a request whose head has not arrived
        if state is h11.SEND_BODY or (state is h11.IDLE and (self.cycle is None or has_begun)):
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
