"""Fabric's chaincode-as-a-service server: `ChaincodeServer` runs a `Chaincode` for the peers that dial it.

    async def invoke(stub: Stub) -> Response:
        stock = await stub.get("stock/7") or b"0"
        await stub.put("stock/7", b"%d" % (int(stock) + 1))
        return Response(payload=stock)

    asyncio.run(ChaincodeServer(invoke, Settings("stock_1.0:6f2a...", "0.0.0.0:9999")).serve())

The package stands alone: it knows Fabric and imports nothing else of this project. It speaks the protocol of
peer/chaincode_shim.proto with peers from 2.5 on.
"""

from chaincode.shim.creator import Creator
from chaincode.shim.errors import (
    AddressError,
    DataMissingError,
    MessageSizeError,
    PeerError,
    ProposalError,
    ProtocolError,
    ShimError,
)
from chaincode.shim.queries import Entry, Modification, Results
from chaincode.shim.running import Chaincode, Response
from chaincode.shim.server import ChaincodeServer
from chaincode.shim.settings import Settings, Tls, TlsFileError
from chaincode.shim.stub import Stub, Write

__all__ = [
    "AddressError",
    "Chaincode",
    "ChaincodeServer",
    "Creator",
    "DataMissingError",
    "Entry",
    "MessageSizeError",
    "Modification",
    "PeerError",
    "ProposalError",
    "ProtocolError",
    "Response",
    "Results",
    "Settings",
    "ShimError",
    "Stub",
    "Tls",
    "TlsFileError",
    "Write",
]
