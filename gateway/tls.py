"""What one side of a mutual TLS connection shows and trusts (all PEM), and how both notice that the other is gone."""

from typing import Any, Final, NamedTuple

import grpc

from gateway.watched import Watched

KEEPALIVE: Final = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.http2.ping_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
)
"""After how much silence the other side is asked whether it still lives, and how long it may take to answer: one that
hangs, or died without a word, is noticed in 40 s. (With gRPC's keepalive_timeout_ms, one that hangs is so in 90 s.)
Who only listens is asked for as long as it does: gRPC by itself asks twice, and then seldom."""

_DIRECT: Final = ("grpc.enable_http_proxy", 0)
"""No proxy of the environment (`http_proxy`, `https_proxy`) stands between: gRPC would ask it for this machine, too."""


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

    def channel(self, address: str, *options: tuple[str, int]) -> grpc.aio.Channel:
        """Give a client's connection to `host:port`; it connects when it is first used."""
        return grpc.aio.secure_channel(address, self.channel_credentials(), options=(*KEEPALIVE, _DIRECT, *options))


def reloading(identity: Watched[TlsIdentity]) -> grpc.ServerCredentials:
    """For a server whose certificate, key and roots may be renewed: each handshake has them as they are then."""

    def configuration() -> Any:
        now = identity.value
        return grpc.ssl_server_certificate_configuration([(now.key, now.certificate)], now.roots)

    return grpc.dynamic_ssl_server_credentials(configuration(), configuration, require_client_authentication=True)
