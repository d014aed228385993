"""A gRPC channel to one peer, with mutual TLS and keepalive."""

import hashlib
from typing import Final, NamedTuple

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

MESSAGE_MAX_BYTES: Final = 100 * 1024 * 1024
"""The largest message that peers send and take (internal/pkg/comm/config.go)."""


class TlsMaterial(NamedTuple):
    """What mutual TLS needs, all PEM: whom to trust, and a certificate and its key to show."""

    roots: bytes
    certificate: bytes
    key: bytes

    @property
    def certificate_hash(self) -> bytes:
        """SHA-256 of the certificate in DER: a peer with mutual TLS wants it in a request for blocks."""
        certificate = x509.load_pem_x509_certificate(self.certificate)
        return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()


class Keepalive(NamedTuple):
    """When to ask whether a silent peer still lives, and how long to wait for the answer.

    A peer hangs up on who asks more often than its `peer.keepalive.minInterval` (60 s unless configured), and a ping
    that comes early by a hair counts, so the default stays above it.
    """

    interval_s: float = 65.0
    timeout_s: float = 20.0


def open_channel(
    address: str,
    tls: TlsMaterial,
    *,
    server_name: str | None = None,
    keepalive: Keepalive = Keepalive(),  # noqa: B008 - a tuple cannot change
    reconnect_max_s: float = 2.0,
    connect_s: float = 10.0,
) -> grpc.aio.Channel:
    """Open a channel to `host:port`; `server_name` is the name in the peer's certificate where it is another one.

    It connects when it is first used, and again within `reconnect_max_s` after the peer is back; an attempt may take
    `connect_s`: TCP's and TLS's handshakes. It goes there directly, whatever proxies the environment names.
    """
    options: list[tuple[str, str | int]] = [
        ("grpc.max_receive_message_length", MESSAGE_MAX_BYTES),
        ("grpc.max_send_message_length", MESSAGE_MAX_BYTES),
        ("grpc.keepalive_time_ms", round(keepalive.interval_s * 1000)),
        # Not keepalive_timeout_ms: a peer that hangs while its kernel takes what is sent goes unnoticed for a minute.
        ("grpc.http2.ping_timeout_ms", round(keepalive.timeout_s * 1000)),
        # A block feed may be silent for hours, and so may a channel between two payments.
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        # gRPC gives one attempt to connect no less than this: a far or busy peer takes a while over its handshake.
        ("grpc.min_reconnect_backoff_ms", round(connect_s * 1000)),
        ("grpc.max_reconnect_backoff_ms", round(reconnect_max_s * 1000)),
        # Left alone, gRPC goes by http_proxy and https_proxy, to this machine itself too.
        ("grpc.enable_http_proxy", 0),
    ]
    if server_name is not None:
        options.append(("grpc.ssl_target_name_override", server_name))
    credentials = grpc.ssl_channel_credentials(tls.roots, tls.key, tls.certificate)
    return grpc.aio.secure_channel(address, credentials, options=options)
