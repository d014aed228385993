"""What one side of a mutual TLS connection shows and trusts. All PEM."""

from typing import Any, NamedTuple

import grpc

from gateway.watched import Watched


class TlsIdentity(NamedTuple):
    """A certificate, its private key, and the roots of those on the other side."""

    certificate: bytes
    key: bytes
    roots: bytes

    def server_credentials(self) -> grpc.ServerCredentials:
        """For a server that takes clients with a certificate under the roots, and no others."""
        return grpc.ssl_server_credentials(
            [(self.key, self.certificate)], root_certificates=self.roots, require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """For a client that shows its certificate."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.roots, private_key=self.key, certificate_chain=self.certificate
        )


def reloading(identity: Watched[TlsIdentity]) -> grpc.ServerCredentials:
    """For a server whose certificate, key and roots may be renewed: each handshake has them as they are then."""

    def configuration() -> Any:
        now = identity.value
        return grpc.ssl_server_certificate_configuration([(now.key, now.certificate)], now.roots)

    return grpc.dynamic_ssl_server_credentials(configuration(), configuration, require_client_authentication=True)
