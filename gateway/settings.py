"""What settings a gateway has: one class for each table of the TOML file, each setting described where it stands.

gateway.config reads and judges them; docs/guide/gateway.md shows a whole file, and docs/reference/configuration.md is
made from the docstrings here.
"""

from typing import Final

import msgspec

from gateway.auth.scopes import Scope
from gateway.operation.logs import Format, Level

PER_ADDRESS_MAX: Final = 200
"""How many connections one address has at the traders' door unless it is set otherwise: a firm behind one address, or a
tenth of all that there are."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of settings."""


def host_and_port(listen: str) -> tuple[str, int]:
    """Split host:port; an IPv6 address loses its brackets."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


class Service(Section, frozen=True):
    """`[service]`: the organisation's gateway as its certificate names it (role `gateway`).

    It signs the organisation's lists, serves TLS at every door, and shows itself to couriers.

    - `certificate`, `key`: the certificate and its private key (PEM, P-256), certified by the organisation's CA.
    - `root`: the certificate of the organisation's CA (PEM). Operators must show a certificate under it.
    """

    certificate: str
    key: str
    root: str


class Door(Section, frozen=True):
    """A place where clients come in.

    - `listen`: host:port.
    """

    listen: str

    @property
    def address(self) -> tuple[str, int]:
        """The host, without brackets, and the port."""
        return host_and_port(self.listen)


class GrpcDoor(Door, frozen=True):
    """`[grpc]`: where the operators' door listens, with mutual TLS.

    - `listen`: host:port.
    - `crl`: the revocation list of the organisation's CA (X.509, PEM), read again when it changes. With it every call
      is checked, and a list past its `nextUpdate`, or one that cannot be read, lets nobody in. Default: none; the
      revocations on the ledger count in any case.
    - `rate_per_s`, `burst`: how many calls a second one certificate may make for long, and how many at once.
      Default: 5000 and 10000.
    - `calls_max`: how many calls, streams included, one certificate may have open at a time. Default: 256.
    - `connections_max`: how many connections are open at a time, handshakes under way included; more are hung up on.
      Default: 5000.
    """

    crl: str = ""
    rate_per_s: float = 5000.0
    burst: int = 10_000
    calls_max: int = 256
    connections_max: int = 5000


class TokenIssuer(Section, frozen=True):
    """`[[http.issuers]]`: an identity provider that says who a trader is.

    - `name`: what its tokens say in `iss`.
    - `keys`: its public keys for ES256: a JWK set (JSON), or a public key or certificate (PEM); read again when the
      file changes.
    - `audience`: what they say in `aud`. Default: `urn:waitan:NETWORK:PARTICIPANT`.
    - `customer_claim`: the claim that has the customer's LEI or USCC. Default: `sub`.
    - `scopes`: whose tokens it may give: traders', a bank's own desk's, the staff's of clearing, of customs and of the
      regulator.
    """

    name: str
    keys: str
    audience: str = ""
    customer_claim: str = "sub"
    scopes: tuple[Scope, ...] = (Scope.TRADER,)


class HttpDoor(Door, frozen=True):
    """`[http]`: where the traders' door listens, for bearer tokens.

    - `issuers`: who signs tokens. Default: the gateway itself, with the service's key.
    - `revoked`: a file of tokens and subjects that count no more, one a line (`token ISSUER JTI` or
      `subject ISSUER SUBJECT`), read again when it changes; one that cannot be read lets nobody in. Default: none.
    - `rate_per_s`, `burst`: how many requests a second one customer may make for long, and how many at once; and so an
      address without a token that counts. Default: 100 and 200.
    - `connections_max`: how many connections are open at a time. Default: 2000.
    - `connections_per_address_max`: how many of them one address has open, handshakes under way included; a network of
      64 bits of IPv6 counts as one address. More are hung up on. Default: 200; on a loopback address, where a proxy
      brings everybody and has to count them, no limit.
    - `listen`: host:port.
    - `tls`: whether it ends TLS itself. Default: true, except on a loopback address, where tokens leave no machine.
    - `initiation_days`: for how many calendar days after its execution date what a trader asks for may be released, at
      most 30. Default: 5.
    """

    tls: bool | None = None
    initiation_days: int = 5
    issuers: tuple[TokenIssuer, ...] = ()
    revoked: str = ""
    rate_per_s: float = 100.0
    burst: int = 200
    connections_max: int = 2000
    connections_per_address_max: int | None = None

    @property
    def ends_tls(self) -> bool:
        """Whether it ends TLS itself."""
        return not self._is_loopback if self.tls is None else self.tls

    @property
    def of_one_address_max(self) -> int | None:
        """How many connections one address may have open; None: as many as there are."""
        if self.connections_per_address_max is None:
            return None if self._is_loopback else PER_ADDRESS_MAX
        return self.connections_per_address_max

    @property
    def _is_loopback(self) -> bool:
        host, _ = self.address
        return host in ("localhost", "::1") or host.startswith("127.")


class FabricPeer(Section, frozen=True):
    """`[[fabric.peers]]`: a peer, of the organisation itself or of one that endorses. Own ones are asked first.

    - `msp`: whose it is.
    - `address`: host:port.
    - `tls_root`: the certificate of the CA that certified its TLS (PEM).
    - `name`: the name in its TLS certificate, where it is reached under another. Default: the host of `address`.
    """

    msp: str
    address: str
    tls_root: str
    name: str = ""


class Fabric(Section, frozen=True):
    """`[fabric]`: the way to the ledger.

    - `msp`: the organisation's MSP id.
    - `chaincode`: the name of the contracts on the channel.
    - `certificate`, `key`: who creates the transactions (PEM): a client of the MSP; `[service]`'s will do.
    - `endorsers`: the MSP ids of those who must all endorse: Clearing's and the regulator's.
    - `peers`: at least one of the organisation's own, and one of each endorser.
    - `tls_certificate`, `tls_key`: what peers are shown that ask for a TLS certificate. Default: `certificate`, `key`.
    - `keepalive_s`: after how much silence a peer is asked whether it still lives. Not below its own
      `peer.keepalive.minInterval`, or it hangs up. Default: 65.
    """

    msp: str
    chaincode: str
    certificate: str
    key: str
    endorsers: tuple[str, ...]
    peers: tuple[FabricPeer, ...]
    tls_certificate: str = ""
    tls_key: str = ""
    keepalive_s: float = 65.0


class CourierAt(Section, frozen=True):
    """`[[courier.at]]`: a courier of another gateway.

    - `address`: host:port.
    - `root`: the certificate of the CA of the organisation whose it is (PEM).
    """

    address: str
    root: str


class CourierSettings(Section, frozen=True):
    """`[courier]`: who carries this organisation's lists, and whether this gateway carries the others'.

    - `serve`: carry the lists of all organisations. Such a gateway carries its own itself. Default: false.
    - `listen`: host:port of that service; needed with `serve`.
    - `roots`: the CAs of the organisations that may send lists (PEM). Default: those on the ledger, also new ones.
    - `at`: where couriers are, asked in this order; where none can be reached the gateway carries its own lists, on
      Fabric those that touch its own collection alone. The authorities among them also attest payments for
      certificates: name both, at an authority's own gateway the other.
    - `in_flight`: how many transactions are under way at a time, 1 or 2. Default: 1.
    """

    serve: bool = False
    listen: str = ""
    roots: tuple[str, ...] = ()
    at: tuple[CourierAt, ...] = ()
    in_flight: int = 1


class Operation(Section, frozen=True):
    """`[operation]`: for those who keep the gateway running.

    - `listen`: host:port of `/metrics`, `/healthz` and `/readyz`, without TLS and without a token: an address that only
      the monitoring reaches. Default: none, and these are not served.
    - `drain_s`: how many seconds before it stops a gateway says at `/readyz` that it is about to, so that whoever
      shares out the callers sends none any more. Default: 0.
    """

    listen: str = ""
    drain_s: float = 0.0


class Log(Section, frozen=True):
    """`[log]`: what is written to standard error.

    - `level`: from which level on: `debug`, `info`, `warning` or `error`. With `info` each call has a line, and each
      transaction that it led to. Default: `info`.
    - `format`: `json`, an object on each line, or `text`. Default: `json`.
    """

    level: Level = Level.INFO
    format: Format = Format.JSON


class Tracing(Section, frozen=True):
    """`[tracing]`: OpenTelemetry traces of calls, from door to block. Needs `pip install '.[otel]'` in the source.

    - `endpoint`: where traces are sent (OTLP over HTTP), such as `http://127.0.0.1:4318/v1/traces`. Default: none, and
      nothing is traced.
    - `share`: which share of the calls is traced whose callers say nothing about it, from 0 to 1. Default: 0.01.
    """

    endpoint: str = ""
    share: float = 0.01


class Config(Section, frozen=True):
    """A gateway's settings.

    - `participant`: the organisation's short name on the ledger.
    - `network`: the network's name: the channel.
    - `data`: the directory of the read model; it is made if it is not there.
    - `under_way_max`: how many commands are under way at a time, at all doors together. Who asks for more is told when
      to ask again (RESOURCE_EXHAUSTED, 429). Default: 2000.
    """

    participant: str
    network: str
    data: str
    service: Service
    grpc: GrpcDoor
    http: HttpDoor
    fabric: Fabric
    courier: CourierSettings = CourierSettings()
    under_way_max: int = 2000
    operation: Operation = Operation()
    log: Log = Log()
    tracing: Tracing = Tracing()
