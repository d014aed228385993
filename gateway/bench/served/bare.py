"""The least that a server of the same library does: aiohttp with one handler, grpc.aio with an echo under mutual TLS.

`python -m gateway.bench.served.bare CERTIFICATE KEY ROOT BODY`: files; BODY has the bytes that the HTTP handler gives.
It says on a line where both listen, as JSON, and serves until it is ended.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

import grpc
from aiohttp import web
from grpc import aio

from gateway.operation import memory
from gateway.tls import TlsIdentity

SERVICE: Final = "bare.Echo"
ECHO: Final = f"/{SERVICE}/Echo"
PATH: Final = "/bare"
HOST: Final = "127.0.0.1"


async def _echo(request: bytes, _: Any) -> bytes:
    return request


async def _serve(identity: TlsIdentity, body: bytes) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    application = web.Application()
    application.router.add_get(PATH, answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    server = aio.server(options=(("grpc.so_reuseport", 0),))
    echo = grpc.unary_unary_rpc_method_handler(_echo)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Echo": echo}),))
    port = server.add_secure_port(f"{HOST}:0", identity.server_credentials())
    await server.start()
    memory.settle()
    sys.stdout.write(json.dumps({"http": f"{HOST}:{runner.addresses[0][1]}", "grpc": f"{HOST}:{port}"}) + "\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    _certificate, _key, _root, _body = (Path(name).read_bytes() for name in sys.argv[1:])
    asyncio.run(_serve(TlsIdentity(_certificate, _key, _root), _body))
