"""The program that serves the contracts; `chaincode.fabric.__main__` says how it is called."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog

from chaincode.fabric.contract import contract
from chaincode.shim import AddressError, ChaincodeServer, Settings, Tls, TlsFileError

ADDRESS: Final = "CHAINCODE_SERVER_ADDRESS"
HEALTH: Final = "CHAINCODE_HEALTH_ADDRESS"
CHAINCODE_ID: Final = "CHAINCODE_ID"
TLS: Final = ("CHAINCODE_TLS_KEY", "CHAINCODE_TLS_CERT", "CHAINCODE_TLS_CLIENT_CA")
_LOOPBACK: Final = ("127.0.0.1:", "localhost:", "[::1]:")
_LAST_PORT: Final = 65535
_PORT_DIGITS: Final = 5


class SettingsFaultError(Exception):
    """A setting that is missing, or does not fit; the text says which and what to do."""


def settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises `SettingsFaultError`."""
    for name in (ADDRESS, CHAINCODE_ID):
        if not environment.get(name):
            raise SettingsFaultError(f"{name} is not set")
    if _port(environment[ADDRESS]) is None:
        raise SettingsFaultError(f"{ADDRESS} is {environment[ADDRESS]}: it is a host and a port, such as 0.0.0.0:9999")
    given = [name for name in TLS if environment.get(name)]
    if given and len(given) < len(TLS):
        lacking = ", ".join(name for name in TLS if name not in given)
        raise SettingsFaultError(f"{lacking} is not set: mutual TLS needs {', '.join(TLS)}, all three")
    if not given and not environment[ADDRESS].startswith(_LOOPBACK):
        raise SettingsFaultError(f"{environment[ADDRESS]} is no loopback address: set {', '.join(TLS)} for mutual TLS")
    health = environment.get(HEALTH, "")
    if health and not (health.startswith(_LOOPBACK) and _port(health)):
        raise SettingsFaultError(f"{HEALTH} is {health}: it is a loopback address and a port, such as 127.0.0.1:9444")
    try:
        key, certificate, peer_ca = (Path(environment[name]) for name in TLS) if given else (None, None, None)
        tls = Tls.read(key=key, certificate=certificate, peer_ca=peer_ca) if key and certificate and peer_ca else None
        return Settings(environment[CHAINCODE_ID], environment[ADDRESS], tls=tls, health_address=health)
    except OSError as error:
        raise SettingsFaultError(f"{error.filename} cannot be read: {error.strerror}") from None
    except TlsFileError as error:
        raise SettingsFaultError(f"{error.file} {error.fault}") from None


def _port(address: str) -> int | None:
    """Give the port of host:port; None where it is neither."""
    host, _, port = address.rpartition(":")
    is_number = port.isascii() and port.isdecimal() and len(port) <= _PORT_DIGITS
    return int(port) if host and is_number and int(port) <= _LAST_PORT else None


def serve() -> int:
    """Serve until SIGTERM; give the exit code."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        asyncio.run(ChaincodeServer(contract(), settings(os.environ)).serve())
    except SettingsFaultError as fault:
        print(f"chaincode: {fault}.", file=sys.stderr)  # noqa: T201 - a program's word to who started it
        return 2
    except AddressError as error:
        print(f"chaincode: {error.address}: {error}.", file=sys.stderr)  # noqa: T201 - as above
        return 3
    return 0
