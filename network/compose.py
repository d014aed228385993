"""The Compose file of a network: a service for each node, written so that both generations of Compose read it."""

from pathlib import Path, PurePath
from typing import Any, Final

import msgspec

from network import polling
from network.chaincode_environment import chaincode_environment
from network.doors import SETTINGS
from network.material import ADMIN_MSP, CA, SERVICE, TLS_CA
from network.nodes import LOOPBACK, Build, Node, Part, Site
from network.package import package, package_id
from network.settings import FABRIC_LOGGING
from network.sources import DOCKERFILE, PROJECT_FILES, tag
from network.topology import Organisation, Topology

ROOT: Final = PurePath("/network")
"""The build directory as containers see it."""
IMAGES: Final = {Part.CHAINCODE: "waitan-chaincode", Part.GATEWAY: "waitan-gateway"}
_IS_WELL: Final = (
    "exec 3<>/dev/tcp/127.0.0.1/{port};"
    " printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3; grep -q '200 OK' <&3"
)
"""What a container asks itself; bash is in every image, curl is not."""


def compose(build: Build, site: Site, topology: Topology, *, user: str) -> bytes:
    """Give the Compose file; `user` is "uid:gid", the owner of the build directory."""
    nodes = site.nodes(topology)
    services = {node.name: _service(build, site, topology, node, user) for node in nodes}
    volumes = {
        volume(node): {
            "driver": "local",
            # Kept within the build directory, where its owner and not root may write.
            "driver_opts": {"type": "none", "o": "bind", "device": str(kept(build, node))},
        }
        for node in nodes
        if node.part is not Part.CHAINCODE
    }
    return msgspec.yaml.encode({"version": "3.8", "services": services, "volumes": volumes})


def volume(node: Node) -> str:
    """Name the volume of a node's data."""
    return node.name.replace(".", "-")


def kept(build: Build, node: Node) -> Path:
    """Where a node's data lies on this machine."""
    return build.read / node.organisation.name if node.part is Part.GATEWAY else build.node(node) / "data"


def _service(build: Build, site: Site, topology: Topology, node: Node, user: str) -> dict[str, Any]:
    made = _MAKERS[node.part](build, site, topology, node)
    return {
        "user": user,
        "restart": "unless-stopped",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "stop_grace_period": "30s",
        "logging": {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
        **made,
        "ports": [f"{LOOPBACK}:{port}:{port}" for port in published(node)],
        "healthcheck": {
            "test": ["CMD", "bash", "-c", _health(node)],
            "interval": "2s",
            "timeout": "5s",
            "start_period": "120s",
            "retries": 3,
        },
    }


def _peer(build: Build, site: Site, topology: Topology, node: Node) -> dict[str, Any]:
    own = [_file(build, node.organisation, f"fabric/{name}") for name in (ADMIN_MSP, f"{TLS_CA}.crt")]
    return {
        "image": topology.images.peer,
        "command": ["peer", "node", "start"],
        "environment": {"FABRIC_CFG_PATH": str(site.directory(node)), **FABRIC_LOGGING},
        "volumes": [*_own(build, site, node), f"{build.channel}:{ROOT}/channel:ro", *own],
    }


def _orderer(build: Build, site: Site, topology: Topology, node: Node) -> dict[str, Any]:
    return {
        "image": topology.images.orderer,
        "command": ["orderer"],
        "environment": {"FABRIC_CFG_PATH": str(site.directory(node)), **FABRIC_LOGGING},
        "volumes": _own(build, site, node),
    }


def _chaincode(build: Build, site: Site, _topology: Topology, node: Node) -> dict[str, Any]:
    address, package_of = f"{site.listen}:{node.port}", package(build, site, node.organisation)
    return {
        **_built(node.part),
        "environment": chaincode_environment(
            address, package_id(package_of), site.directory(node) / "tls", health=f"{LOOPBACK}:{node.operations_port}"
        ),
        "volumes": [f"{build.node(node)}:{site.directory(node)}:ro"],
    }


def _gateway(build: Build, _site: Site, topology: Topology, node: Node) -> dict[str, Any]:
    own = node.organisation
    names = (SETTINGS, f"{SERVICE}.crt", f"{SERVICE}.key", f"{CA}.crt")
    whose = dict.fromkeys((own, *topology.authorities))
    couriers = [_file(build, each, f"{CA}.crt") for each in topology.authorities if each.name != own.name]
    return {
        **_built(node.part),
        "command": ["--config", str(ROOT / "organisations" / own.name / SETTINGS)],
        "environment": {**polling.SERVER_AND_CLIENT},
        "volumes": [
            *(_file(build, own, name) for name in names),
            *(_file(build, each, f"fabric/{TLS_CA}.crt") for each in whose),
            *couriers,
            f"{volume(node)}:{ROOT}/read",
        ],
    }


_MAKERS: Final = {Part.PEER: _peer, Part.ORDERER: _orderer, Part.CHAINCODE: _chaincode, Part.GATEWAY: _gateway}


def _own(build: Build, site: Site, node: Node) -> list[str]:
    """Mount a node's settings and keys to be read, and within them its data to be written."""
    inside = site.directory(node)
    return [f"{build.node(node)}:{inside}:ro", f"{volume(node)}:{inside / 'data'}"]


def _file(build: Build, organisation: Organisation, name: str) -> str:
    return f"{build.organisation(organisation.name) / name}:{ROOT / 'organisations' / organisation.name / name}:ro"


def _built(part: Part) -> dict[str, Any]:
    """Build an image of this project's; the index and the base image are the builder's to choose."""
    arguments = {
        "BASE_IMAGE": "${WAITAN_BASE_IMAGE:-python:3.11-slim}",
        "PIP_INDEX_URL": "${PIP_INDEX_URL:-}",
        "PIP_EXTRA_INDEX_URL": "${PIP_EXTRA_INDEX_URL:-}",
        "PIP_TRUSTED_HOST": "${PIP_TRUSTED_HOST:-}",
    }
    return {
        "image": f"{IMAGES[part]}:{tag()}",
        "build": {
            "context": str(PROJECT_FILES),
            "dockerfile": DOCKERFILE,
            "target": part.value,
            "args": arguments,
            "network": "${WAITAN_BUILD_NETWORK:-default}",
        },
    }


def _health(node: Node) -> str:
    return _IS_WELL.format(port=node.http_port if node.part is Part.GATEWAY else node.operations_port)


def published(node: Node) -> list[int]:
    """Give the ports that are reached from this machine, on loopback."""
    if node.part is Part.ORDERER:
        return [node.port, node.admin_port]
    if node.part is Part.GATEWAY:
        return [node.port, node.http_port, *([node.courier_port] if node.organisation.endorses else [])]
    return [node.port] if node.part is Part.PEER else []
