"""A chaincode server's environment: what it is told, and how its gRPC polls."""

from pathlib import PurePath

from network import polling


def chaincode_environment(address: str, package_id: str, tls: PurePath, *, health: str = "") -> dict[str, str]:
    """Where the server listens (host:port), as which package, and with which key and certificates.

    `health`: host:port of its door in plain HTTP for a container's health check.
    """
    return {
        "CHAINCODE_SERVER_ADDRESS": address,
        "CHAINCODE_ID": package_id,
        "CHAINCODE_TLS_KEY": str(tls / "server.key"),
        "CHAINCODE_TLS_CERT": str(tls / "server.crt"),
        "CHAINCODE_TLS_CLIENT_CA": str(tls / "ca.crt"),
        **({"CHAINCODE_HEALTH_ADDRESS": health} if health else {}),
        **polling.SERVER,
    }
