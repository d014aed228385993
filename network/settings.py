"""What peers and orderers are told: core.yaml and orderer.yaml."""

from collections.abc import Mapping
from importlib import resources
from pathlib import PurePath
from typing import Any, Final

import yaml

from network.nodes import Node, Site

FABRIC_LOGGING: Final = {
    "FABRIC_LOGGING_SPEC": "warning:grpc=error",
    "FABRIC_LOGGING_FORMAT": "%{time:2006-01-02 15:04:05.000} %{level:.4s} [%{module}] %{message}",
}
"""How peers and orderers log: what is wrong, and nothing of what is right."""
CCAAS_IN_IMAGE: Final = PurePath("/opt/hyperledger/ccaas_builder")
"""Where the official peer image has the builder for chaincode as a service."""


def core(node: Node, site: Site, *, builder: PurePath, bootstrap: Node) -> bytes:
    """Give a peer's core.yaml. `builder` is the directory above the external builder's bin.

    `bootstrap` is the peer of its own organisation that it asks for others first.
    """
    data = site.directory(node) / "data"
    return _filled(
        "core.yaml",
        {
            "peer": {
                "id": node.name,
                "listenAddress": f"{site.listen}:{node.port}",
                "address": site.address(node),
                "chaincodeListenAddress": f"{site.listen}:{node.chaincode_port}",
                "localMspId": node.organisation.msp,
                "fileSystemPath": str(data),
                "gossip": {
                    "bootstrap": site.address(bootstrap),
                    "endpoint": site.address(node),
                    "externalEndpoint": site.address(node),
                },
            },
            "chaincode": {"externalBuilders": [{"name": "ccaas_builder", "path": str(builder)}]},
            "ledger": {"snapshots": {"rootDir": str(data / "snapshots")}},
            "operations": {"listenAddress": f"{site.listen}:{node.operations_port}"},
        },
    )


def orderer(node: Node, site: Site) -> bytes:
    """Give an orderer's orderer.yaml."""
    data, tls = site.directory(node) / "data", site.directory(node) / "tls"
    return _filled(
        "orderer.yaml",
        {
            "General": {
                "ListenAddress": site.listen,
                "ListenPort": node.port,
                "LocalMSPID": node.organisation.msp,
            },
            "FileLedger": {"Location": str(data)},
            "Operations": {"ListenAddress": f"{site.listen}:{node.operations_port}"},
            "Admin": {
                "ListenAddress": f"{site.listen}:{node.admin_port}",
                # Unlike the others, these are not taken as relative to the file that names them.
                "TLS": {
                    "Certificate": str(tls / "server.crt"),
                    "PrivateKey": str(tls / "server.key"),
                    "ClientRootCAs": [str(tls / "ca.crt")],
                },
            },
            "Consensus": {"WALDir": str(data / "wal"), "SnapDir": str(data / "snapshots")},
        },
    )


def _filled(template: str, own: Mapping[str, Any]) -> bytes:
    common = yaml.safe_load(resources.files("network").joinpath("templates", template).read_bytes())
    text: bytes = yaml.safe_dump(_merged(common, own), sort_keys=False, encoding="utf-8")
    return text


def _merged(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(common)
    for name, value in own.items():
        merged[name] = _merged(merged.get(name) or {}, value) if isinstance(value, Mapping) else value
    return merged
