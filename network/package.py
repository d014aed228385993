"""The chaincode package of an authority: where its server is, and how its peers prove themselves to it.

A package of the type ccaas holds no code (Fabric's documentation, "Running chaincode as an external service"). The
same content gives the same bytes, and so the same package id.
"""

import gzip
import hashlib
import io
import json
import tarfile
from typing import Final

from certification.authority import Issued
from network.material import PEER_CLIENT, TLS_CA
from network.nodes import Build, Site, chaincode
from network.topology import Organisation

LABEL: Final = "waitan"


def package(build: Build, site: Site, organisation: Organisation, *, label: str = LABEL, address: str = "") -> bytes:
    """Give the package that an authority installs on its peers; `address` is where another chaincode's server is."""
    fabric = build.fabric(organisation.name)
    client = Issued.read(fabric, PEER_CLIENT)
    connection = {
        "address": address or site.address(chaincode(organisation)),
        "dial_timeout": "5s",
        "tls_required": True,
        "client_auth_required": True,
        "client_key": client.key.decode(),
        "client_cert": client.certificate.decode(),
        "root_cert": (fabric / f"{TLS_CA}.crt").read_text(),
    }
    code = _archive({"connection.json": json.dumps(connection, sort_keys=True).encode()})
    metadata = {"type": "ccaas", "label": label}
    return _archive({"metadata.json": json.dumps(metadata, sort_keys=True).encode(), "code.tar.gz": code})


def package_id(content: bytes, label: str = LABEL) -> str:
    """Give the id that a peer will give the package."""
    return f"{label}:{hashlib.sha256(content).hexdigest()}"


def _archive(files: dict[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
