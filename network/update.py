"""A change of a channel's configuration: one more organisation (Fabric's documentation, "Adding an Org to a Channel").

The update names the versions that it was made from, so that of two made at once the second is refused, and says what
the changed group is to hold. A majority of the administrators signs it.
"""

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fabric_protos.common import common_pb2, configtx_pb2
from fabric_protos.msp import identities_pb2

from network.faults import DamagedFault
from network.policies import set_policies, taking_part

APPLICATION: Final = "Application"
_NONCE_BYTES: Final = 24
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""SEC 2, section 2.4.2. Of the two signatures with S and with the order less S, Fabric takes the lower."""


def configuration(block: bytes) -> configtx_pb2.Config:
    """Read the configuration from a configuration block; raises `google.protobuf.message.DecodeError`."""
    envelope = common_pb2.Envelope.FromString(common_pb2.Block.FromString(block).data.data[0])
    return configtx_pb2.ConfigEnvelope.FromString(common_pb2.Payload.FromString(envelope.payload).data).config


def addition(
    channel: str, config: configtx_pb2.Config, msp: str, member: configtx_pb2.ConfigGroup
) -> configtx_pb2.ConfigUpdate:
    """Say that an organisation is added to the application group of a configuration, and to those who take part."""
    root = config.channel_group
    before = root.groups[APPLICATION]
    update = configtx_pb2.ConfigUpdate(channel_id=channel)
    for side in (update.read_set, update.write_set):
        side.version = root.version
        group = side.groups[APPLICATION]
        group.version = before.version
        for name, each in before.groups.items():
            group.groups[name].version = each.version
        for name, value in before.values.items():
            group.values[name].version = value.version
        for name, policy in before.policies.items():
            group.policies[name].version = policy.version
    group = update.write_set.groups[APPLICATION]
    group.version = before.version + 1
    group.mod_policy = before.mod_policy
    group.groups[msp].CopyFrom(member)
    set_policies(group, **(named := taking_part([*before.groups, msp])))
    for name in named:
        group.policies[name].version = before.policies[name].version + 1
    return update


def signed(channel: str, update: configtx_pb2.ConfigUpdate, administrators: list[tuple[str, Path]]) -> bytes:
    """Let administrators, given as MSP id and MSP directory, sign an update; give the envelope to be ordered.

    Raises `OSError` and `DamagedFault`.
    """
    content = update.SerializeToString()
    signatures = [_signature(msp, directory, content) for msp, directory in administrators]
    envelope = configtx_pb2.ConfigUpdateEnvelope(config_update=content, signatures=signatures)
    header = common_pb2.ChannelHeader(type=common_pb2.CONFIG_UPDATE, channel_id=channel)
    payload = common_pb2.Payload(
        header=common_pb2.Header(
            channel_header=header.SerializeToString(),
            signature_header=common_pb2.SignatureHeader().SerializeToString(),
        ),
        data=envelope.SerializeToString(),
    )
    written: bytes = common_pb2.Envelope(payload=payload.SerializeToString()).SerializeToString()
    return written


def _signature(msp: str, directory: Path, content: bytes) -> configtx_pb2.ConfigSignature:
    certificate = (directory / "signcerts" / "cert.pem").read_bytes()
    key_file = directory / "keystore" / "key.pem"
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except ValueError as error:
        raise DamagedFault(str(key_file), error) from None
    assert isinstance(key, ec.EllipticCurvePrivateKey), "network.material writes no other kind"
    creator = identities_pb2.SerializedIdentity(mspid=msp, id_bytes=certificate).SerializeToString()
    header = common_pb2.SignatureHeader(creator=creator, nonce=os.urandom(_NONCE_BYTES)).SerializeToString()
    r, s = decode_dss_signature(key.sign(header + content, ec.ECDSA(hashes.SHA256())))
    signature = encode_dss_signature(r, min(s, _P256_ORDER - s))
    return configtx_pb2.ConfigSignature(signature_header=header, signature=signature)
