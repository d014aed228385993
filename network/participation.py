"""Orderers join a channel through their administration door (Fabric's channel participation API)."""

import asyncio
import ssl
from http import HTTPStatus
from typing import Any, Final

from network.faults import DamagedFault, NetworkFault
from network.material import ADMIN, TLS_CA
from network.nodes import LOOPBACK, Build, Node

ANSWER_S: Final = 20.0


async def join(build: Build, orderers: list[Node], channel: str) -> None:
    """Let orderers serve a channel, those that do so already excepted; raises `NetworkFault`."""
    block = (build.channel / "genesis.block").read_bytes()
    await asyncio.gather(*(_join(build, orderer, channel, block) for orderer in orderers))


async def _join(build: Build, orderer: Node, channel: str, block: bytes) -> None:
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("config-block", block, filename="config.block", content_type="application/octet-stream")
    status, said = await _call(build, orderer, "POST", "", form)
    if status not in (HTTPStatus.CREATED, HTTPStatus.METHOD_NOT_ALLOWED):
        raise NetworkFault(
            f"{orderer.name} does not take the channel {channel}: {said.get('error', status)}.",
            do=f"Read why: {build.command(f'logs {orderer.name}')}",
        )


async def channel_height(build: Build, orderer: Node, channel: str) -> int:
    """Say how many blocks of a channel an orderer has; raises `NetworkFault`."""
    _, said = await _call(build, orderer, "GET", f"/{channel}")
    return int(said.get("height", 0))


async def _call(build: Build, orderer: Node, method: str, path: str, data: Any = None) -> tuple[int, dict[str, Any]]:
    import aiohttp

    url = f"https://{LOOPBACK}:{orderer.admin_port}/participation/v1/channels{path}"
    timeout = aiohttp.ClientTimeout(total=ANSWER_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, url, data=data, ssl=_tls(build, orderer)) as response,
        ):
            return response.status, await response.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NetworkFault(
            f"{orderer.name} does not answer at {url}: {error}.", do=f"See: {build.command('status')}"
        ) from None


def _tls(build: Build, orderer: Node) -> ssl.SSLContext:
    fabric = build.fabric(orderer.organisation.name)
    try:
        context = ssl.create_default_context(cafile=str(fabric / f"{TLS_CA}.crt"))
        context.load_cert_chain(fabric / f"{ADMIN}.crt", fabric / f"{ADMIN}.key")
    except OSError as error:  # ssl.SSLError too, which names no file
        raise DamagedFault(f"{TLS_CA}.crt, {ADMIN}.crt or {ADMIN}.key in {fabric}", error.strerror) from None
    return context
