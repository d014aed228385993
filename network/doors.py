"""What gateways and their clients are told: gateway.toml, endpoints.json, network.json."""

import json
from pathlib import PurePath
from typing import Any, Final

from network import durable
from network.material import CA, SERVICE, TLS_CA
from network.nodes import LOOPBACK, Build, Node, Site, gateway
from network.topology import Organisation, Topology

CHAINCODE: Final = "waitan"
"""The name of the contracts on the channel."""
SETTINGS: Final = "gateway.toml"


def write_doors(build: Build, site: Site, topology: Topology, organisation: Organisation) -> None:
    """Write an organisation's gateway settings, and where its clients find it."""
    place = build.organisation(organisation.name)
    durable.replace(place / SETTINGS, settings(site, topology, organisation).encode())
    node = gateway(organisation)
    endpoints = {"grpc": f"{LOOPBACK}:{node.port}", "http": f"http://{LOOPBACK}:{node.http_port}"}
    durable.replace(place / "endpoints.json", json.dumps(endpoints, indent=2).encode() + b"\n")


def description(topology: Topology) -> bytes:
    """Give network.json: the network's name and its organisations, as clients read it."""
    organisations = [[each.name, each.kind.value, each.title or each.name, each.bic] for each in topology.organisations]
    return json.dumps({"network": topology.network, "organisations": organisations}, indent=2).encode() + b"\n"


def settings(site: Site, topology: Topology, organisation: Organisation) -> str:
    """Give gateway.toml."""
    own, node = _folder(site, organisation), gateway(organisation)
    service = {"certificate": str(own / f"{SERVICE}.crt"), "key": str(own / f"{SERVICE}.key")}
    lines = [
        "# Made by `waitan network`; a change lasts until it makes it again.",
        *_pairs({"participant": organisation.name, "network": topology.network, "data": str(site.root / "read")}),
        *_table("service", {**service, "root": str(own / f"{CA}.crt")}),
        *_table("grpc", {"listen": f"{site.listen}:{node.port}"}),
        # A container listens on all its interfaces, and is reached on loopback alone.
        *_table(
            "http", {"listen": f"{site.listen}:{node.http_port}", **({"tls": False} if site.in_containers else {})}
        ),
        *_table(
            "fabric",
            {
                "msp": organisation.msp,
                "chaincode": CHAINCODE,
                **service,
                "endorsers": [each.msp for each in topology.authorities],
            },
        ),
    ]
    for peer in _peers(site, topology, organisation):
        lines += _table("[fabric.peers]", _peer(site, peer))
    if organisation.endorses:
        lines += _table("courier", {"serve": True, "listen": f"{site.listen}:{node.courier_port}"})
    # Only members of every collection can carry everybody's lists: clearing first, then the regulator. They attest
    # payments, too, so each of them has the other.
    for each in topology.authorities:
        if each.name != organisation.name:
            address = f"{site.host(gateway(each))}:{gateway(each).courier_port}"
            lines += _table("[courier.at]", {"address": address, "root": str(_folder(site, each) / f"{CA}.crt")})
    lines += _table("operation", {"listen": f"{site.listen}:{node.operation_port}"})
    # A network on one machine is looked at by a person: what needs a look, and no line for each call.
    lines += _table("log", {"level": "warning", "format": "text"})
    return "\n".join(lines) + "\n"


def _peers(site: Site, topology: Topology, organisation: Organisation) -> list[Node]:
    """Give its own peers first, then the authorities'."""
    whose = dict.fromkeys((organisation, *topology.authorities))
    return [peer for each in whose for peer in site.peers(each)]


def _peer(site: Site, peer: Node) -> dict[str, Any]:
    root = _folder(site, peer.organisation) / "fabric" / f"{TLS_CA}.crt"
    named = {"name": peer.name} if site.in_containers else {}
    return {"msp": peer.organisation.msp, "address": site.address(peer), "tls_root": str(root), **named}


def _folder(site: Site, organisation: Organisation) -> PurePath:
    return site.root / "organisations" / organisation.name


def _table(name: str, values: dict[str, Any]) -> list[str]:
    return ["", f"[{name}]", *_pairs(values)]


def _pairs(values: dict[str, Any]) -> list[str]:
    # Strings, booleans and lists of strings are written in TOML as in JSON.
    return [f"{name} = {json.dumps(value)}" for name, value in values.items()]
