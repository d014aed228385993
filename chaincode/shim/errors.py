"""What can go wrong between a chaincode and its peer.

The text of each error is fixed words: it may be logged, and told to whoever asked, as it holds no key and no value.
"""


class ShimError(Exception):
    """An error of the shim; `words` is all that leaves the process."""

    words = "the chaincode server failed"

    def __init__(self) -> None:
        super().__init__(self.words)


class PeerError(ShimError):
    """The peer answered ERROR to a request.

    `request` is the request's type, such as GET_STATE; `told` is what the peer said, which may name keys.
    """

    words = "the peer refused a request of the chaincode"

    def __init__(self, request: str, told: str) -> None:
        super().__init__()
        self.request = request
        self.told = told


class DataMissingError(ShimError):
    """The ledger holds a private value that this peer lacks, or has in another version: to be tried again.

    `collection` names the private data collection.
    """

    words = "DATA_MISSING: the peer lacks private data"

    def __init__(self, collection: str) -> None:
        super().__init__()
        self.collection = collection


class MessageSizeError(ShimError):
    """A message would be larger than gRPC lets pass; it was not sent."""

    words = "a message of the chaincode is too large"


class ProtocolError(ShimError):
    """The peer, or the chaincode, did what the protocol does not provide for."""

    words = "the chaincode protocol was broken"


class ProposalError(ShimError):
    """A transaction came without a proposal, or with one that cannot be read."""

    words = "the proposal cannot be read"


class BusyError(ShimError):
    """As many transactions wait as may."""

    words = "the chaincode server is busy"


class StoppingError(ShimError):
    """The server ends and takes no more transactions."""

    words = "the chaincode server is stopping"


class RepeatedError(ShimError):
    """A transaction came while one with its id was still running on the same stream; neither counts."""

    words = "the transaction is already running"


class TooSlowError(ShimError):
    """The transaction ran longer than it may."""

    words = "the transaction took too long"


class AddressError(ShimError):
    """The server cannot listen where it was told to; `address` says where."""

    words = "the chaincode server cannot listen at its address"

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
