"""A chaincode server's environment: what it is told, and how its gRPC polls."""

from pathlib import PurePath
from typing import Final

POLL_IN_ONE_THREAD: Final = {"GRPC_EXPERIMENTS": "-event_engine_listener"}
"""Has gRPC read connections in the thread that hands what comes to asyncio.

Otherwise a pool of threads reads them, and each message wakes some of those on its way: a quarter of a small
transaction's processor time. gRPC reads it when it is loaded, so a program cannot set it for itself; a gRPC that no
longer knows the name says so in its log, and goes on.
"""


def chaincode_environment(address: str, package_id: str, tls: PurePath) -> dict[str, str]:
    """Where the server listens (host:port), as which package, and with which key and certificates."""
    return {
        "CHAINCODE_SERVER_ADDRESS": address,
        "CHAINCODE_ID": package_id,
        "CHAINCODE_TLS_KEY": str(tls / "server.key"),
        "CHAINCODE_TLS_CERT": str(tls / "server.crt"),
        "CHAINCODE_TLS_CLIENT_CA": str(tls / "ca.crt"),
        **POLL_IN_ONE_THREAD,
    }
