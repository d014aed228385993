"""A chaincode server's environment: what it is told, and how its gRPC polls."""

from pathlib import PurePath

from network import polling


def chaincode_environment(address: str, package_id: str, tls: PurePath) -> dict[str, str]:
    """Where the server listens (host:port), as which package, and with which key and certificates."""
    return {
        "CHAINCODE_SERVER_ADDRESS": address,
        "CHAINCODE_ID": package_id,
        "CHAINCODE_TLS_KEY": str(tls / "server.key"),
        "CHAINCODE_TLS_CERT": str(tls / "server.crt"),
        "CHAINCODE_TLS_CLIENT_CA": str(tls / "ca.crt"),
        **polling.SERVER,
    }
