"""What a peer says of batch messages in READY.

Its payload is protos.ChaincodeAdditionalParams (Fabric from 3.1), which the published Python messages lack:
use_write_batch = 1, max_size_write_batch = 2, use_get_multiple_keys = 3, max_size_get_multiple_keys = 4. A peer
without batch messages (2.5) sends no payload.
"""

from typing import Any, Final, NamedTuple

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

SIZE_WHERE_UNSAID: Final = 100
"""Records in a batch where a peer offers batches and gives no size; the same as in Fabric's own shims."""


class Limits(NamedTuple):
    """How many records a batch message may hold; 0 where the peer takes none."""

    write: int = 0
    read: int = 0


def _parameters() -> Any:
    kind = descriptor_pb2.FieldDescriptorProto
    message = descriptor_pb2.DescriptorProto(name="ChaincodeAdditionalParams")
    for number, (name, type_) in enumerate(
        (
            ("use_write_batch", kind.TYPE_BOOL),
            ("max_size_write_batch", kind.TYPE_UINT32),
            ("use_get_multiple_keys", kind.TYPE_BOOL),
            ("max_size_get_multiple_keys", kind.TYPE_UINT32),
        ),
        start=1,
    ):
        message.field.add(name=name, number=number, type=type_, label=kind.LABEL_OPTIONAL)
    # A pool of its own: the day Fabric publishes the message, the default pool will have it under this name.
    pool = descriptor_pool.DescriptorPool()
    pool.Add(
        descriptor_pb2.FileDescriptorProto(
            name="chaincode_additional_params.proto", package="protos", syntax="proto3", message_type=[message]
        )
    )
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("protos.ChaincodeAdditionalParams"))


_PARAMETERS: Final = _parameters()


def parse_limits(payload: bytes) -> Limits:
    """The limits in a READY's payload; none where it is absent or cannot be read, for single messages always work."""
    try:
        told = _PARAMETERS.FromString(payload)
    except DecodeError:
        return Limits()
    return Limits(
        write=(told.max_size_write_batch or SIZE_WHERE_UNSAID) if told.use_write_batch else 0,
        read=(told.max_size_get_multiple_keys or SIZE_WHERE_UNSAID) if told.use_get_multiple_keys else 0,
    )
