"""Serve the contracts to the peers that dial: `python -m chaincode.fabric`, told by the environment what it needs.

    CHAINCODE_SERVER_ADDRESS    host:port to listen on
    CHAINCODE_ID                the package id that `peer lifecycle chaincode install` answered
    CHAINCODE_TLS_KEY           paths of PEM files, all three or none (then on loopback only): this server's key,
    CHAINCODE_TLS_CERT          its certificate,
    CHAINCODE_TLS_CLIENT_CA     and the CA that certifies the peers
    CHAINCODE_HEALTH_ADDRESS    host:port on loopback, or nothing: there plain HTTP is answered 200 while it serves
    GRPC_EXPERIMENTS            gRPC's own: -event_engine_listener saves time (docs/reference/performance.md)
    GRPC_VERBOSITY              gRPC's own: what it writes to stderr beside the log; nothing where it is not set

SIGTERM lets the transactions under way finish. Exit codes: 0 stopped, 2 settings that do not fit, 3 no such address.
"""

import os
import sys


def main() -> int:
    """Serve until SIGTERM."""
    # gRPC reads it when it is loaded.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from chaincode.fabric.program import serve

    return serve()


if __name__ == "__main__":
    sys.exit(main())
