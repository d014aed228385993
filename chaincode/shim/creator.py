"""Who created a transaction: msp.SerializedIdentity, and the attributes that Fabric CA puts into a certificate."""

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from google.protobuf.message import DecodeError

from chaincode.shim.errors import ProposalError

ATTRIBUTES: Final = ObjectIdentifier("1.2.3.4.5.6.7.8.1")
"""Fabric CA's extension: `{"attrs": {name: value}}` in UTF-8 (fabric-chaincode-go, pkg/attrmgr)."""


class Creator(NamedTuple):
    """An identity: its MSP and its certificate (PEM)."""

    msp_id: str
    certificate: bytes

    @property
    def attributes(self) -> Mapping[str, str]:
        """The certificate's Fabric CA attributes; none where it has no such extension."""
        return _attributes(self.certificate)


# Couriers are few and send many transactions, so what they are is parsed once.
@lru_cache(maxsize=256)
def parse_creator(serialized: bytes) -> Creator:
    """Read a serialized identity; ProposalError where it is none."""
    try:
        identity = SerializedIdentity.FromString(serialized)
    except DecodeError:
        raise ProposalError from None
    return Creator(identity.mspid, identity.id_bytes)


@lru_cache(maxsize=256)
def _attributes(certificate: bytes) -> Mapping[str, str]:
    try:
        extensions = x509.load_pem_x509_certificate(certificate).extensions
        extension = extensions.get_extension_for_oid(ATTRIBUTES).value
    except x509.ExtensionNotFound:
        return MappingProxyType({})
    except ValueError:
        raise ProposalError from None
    assert isinstance(extension, x509.UnrecognizedExtension)
    try:
        told = json.loads(extension.value)
    except ValueError:
        raise ProposalError from None
    attributes = told.get("attrs") if isinstance(told, dict) else None
    if not isinstance(attributes, dict) or not all(isinstance(value, str) for value in attributes.values()):
        raise ProposalError
    return MappingProxyType(attributes)
