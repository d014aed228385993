"""A chaincode server as a program: `python -m tests.shim.counting` prints its port, and serves until SIGTERM."""

import asyncio
from typing import cast

import structlog

from chaincode.shim import ChaincodeServer, Settings
from tests.shim.serving import CHAINCODE_ID, count


def say_port(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
    """Of all that is logged, the port alone is of use to the test."""
    return f"port {event['port']}" if "port" in event else cast("str", event["event"])


if __name__ == "__main__":
    structlog.configure(processors=[say_port], logger_factory=structlog.PrintLoggerFactory())
    asyncio.run(ChaincodeServer(count, Settings(CHAINCODE_ID, "localhost:0")).serve())
