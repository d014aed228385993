"""The settings of one organisation's gateway: a TOML file, and what the environment says in place of it.

`WAITAN_GATEWAY_` and a setting's name, sections joined by `_`, stands above the file: `WAITAN_GATEWAY_GRPC_LISTEN` for
`listen` in `[grpc]`. Lists of texts are then separated by commas; lists of tables stand in the file alone. What is
not known is refused. Paths that are relative begin at the file's directory. docs/guide/gateway.md shows a whole file.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec

from settlement.payments.initiation import VALID_DAYS_MAX

PREFIX: Final = "WAITAN_GATEWAY_"
"""How the names of environment variables begin."""

_LISTEN: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:]+\]|[^:\s]+):(?P<port>\d{1,5})").fullmatch
_PORT_MAX: Final = 65535


class ConfigError(Exception):
    """A setting is not what it should be: `where` names it, `do` says what mends it."""

    def __init__(self, sentence: str, *, where: str = "", do: str = "") -> None:
        super().__init__(sentence)
        self.sentence: Final = sentence
        self.where: Final = where
        self.do: Final = do


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of settings."""


class Service(_Section, frozen=True):
    """`[service]`: the organisation's gateway as its certificate names it (role `gateway`).

    It signs the organisation's lists, serves TLS at every door, and shows itself to couriers.

    - `certificate`, `key`: the certificate and its private key (PEM, P-256), certified by the organisation's CA.
    - `root`: the certificate of the organisation's CA (PEM). Operators must show a certificate under it.
    """

    certificate: str
    key: str
    root: str


class Door(_Section, frozen=True):
    """`[grpc]`: where the operators' door listens, with mutual TLS.

    - `listen`: host:port.
    """

    listen: str

    @property
    def address(self) -> tuple[str, int]:
        """The host, without brackets, and the port."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class HttpDoor(Door, frozen=True):
    """`[http]`: where the traders' door listens, for bearer tokens signed by the service's key.

    - `listen`: host:port.
    - `tls`: whether it ends TLS itself. Default: true, except on a loopback address, where tokens leave no machine.
    - `initiation_days`: for how many calendar days after its execution date what a trader asks for may be released, at
      most 30. Default: 5.
    """

    tls: bool | None = None
    initiation_days: int = 5

    @property
    def ends_tls(self) -> bool:
        """Whether it ends TLS itself."""
        host, _ = self.address
        return host not in ("localhost", "::1") and not host.startswith("127.") if self.tls is None else self.tls


class FabricPeer(_Section, frozen=True):
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


class Fabric(_Section, frozen=True):
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


class CourierAt(_Section, frozen=True):
    """`[[courier.at]]`: a courier of another gateway: host:port, and the CA of the organisation whose it is (PEM)."""

    address: str
    root: str


class CourierSettings(_Section, frozen=True):
    """`[courier]`: who carries this organisation's lists, and whether this gateway carries the others'.

    - `serve`: carry the lists of all organisations. Such a gateway carries its own itself. Default: false.
    - `listen`: host:port of that service; needed with `serve`.
    - `roots`: the CAs of the organisations that may send lists (PEM). Default: those on the ledger, also new ones.
    - `at`: where couriers are, asked in this order; where none can be reached the gateway carries its own lists.
    - `in_flight`: how many transactions are under way at a time, 1 or 2. Default: 1.
    """

    serve: bool = False
    listen: str = ""
    roots: tuple[str, ...] = ()
    at: tuple[CourierAt, ...] = ()
    in_flight: int = 1


class Config(_Section, frozen=True):
    """A gateway's settings.

    - `participant`: the organisation's short name on the ledger.
    - `network`: the network's name: the channel.
    - `data`: the directory of the read model; it is made if it is not there.
    """

    participant: str
    network: str
    data: str
    service: Service
    grpc: Door
    http: HttpDoor
    fabric: Fabric
    courier: CourierSettings = CourierSettings()


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read a file and the environment; raises `ConfigError`, naming the setting at fault.

    Paths in what is given are absolute; gateway.credentials reads the files.
    """
    try:
        raw = tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).", do="Name a file: --config FILE") from None
    except ValueError as error:  # not UTF-8, or not TOML
        raise ConfigError(f"{path} is not TOML: {error}.") from None
    for name, text in environment.items():
        if name.startswith(PREFIX):
            _override(raw, name, text)
    _require_known(raw, Config, "")
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        sentence, _, where = str(error).partition(" - at `$.")
        raise ConfigError(f"{sentence}.", where=where.rstrip("`"), do=f"Mend it in {path}") from None
    config = msgspec.convert(_absolute(raw, path.parent), Config)
    for fault in _faults(config):
        raise fault
    return config


def _override(raw: dict[str, Any], name: str, text: str) -> None:
    """Put what a variable says in its setting's place."""
    for path, kind in _scalars(Config, ()):
        if name == PREFIX + "_".join(path).upper():
            table = raw
            for section in path[:-1]:
                table = table.setdefault(section, {})
            table[path[-1]] = _parsed(name, text, kind)
            return
    known = [PREFIX + "_".join(path).upper() for path, _ in _scalars(Config, ())]
    raise ConfigError(f"{name} is no setting.", where=name, do=_nearest(name, known))


def _parsed(name: str, text: str, kind: Any) -> Any:
    """Read a variable's text as its setting's kind."""
    if kind == tuple[str, ...]:
        return [each.strip() for each in text.split(",") if each.strip()]
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{error}.", where=name) from None


def _scalars(kind: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Walk the settings that a variable can give, with their kinds."""
    for name, field in get_type_hints(kind).items():
        if isinstance(field, type) and issubclass(field, _Section):
            yield from _scalars(field, (*above, name))
        elif field in (str, bool, bool | None, int, float, tuple[str, ...]):
            yield (*above, name), field


def _require_known(raw: Any, kind: Any, where: str) -> None:
    """Refuse what is no setting, and say which may have been meant."""
    hints = get_type_hints(kind)
    for name, value in raw.items() if isinstance(raw, dict) else ():
        here = f"{where}.{name}" if where else name
        if name not in hints:
            raise ConfigError(f"{here} is no setting.", where=here, do=_nearest(name, hints))
        field = hints[name]
        tables = getattr(field, "__args__", ())
        if isinstance(field, type) and issubclass(field, _Section):
            _require_known(value, field, here)
        elif tables and issubclass(tables[0], _Section) and isinstance(value, list):
            for place, each in enumerate(value):
                _require_known(each, tables[0], f"{here}[{place}]")


def _nearest(word: str, words: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else f"Settings here are: {', '.join(words)}"


_FILES: Final = frozenset({"data", "certificate", "key", "root", "roots", "tls_root", "tls_certificate", "tls_key"})
"""The settings that are paths."""


def _absolute(raw: Any, base: Path) -> Any:
    """Let paths begin at a directory."""
    if isinstance(raw, list):
        return [_absolute(each, base) for each in raw]
    if not isinstance(raw, dict):
        return raw
    made = {}
    for name, value in raw.items():
        if name not in _FILES:
            made[name] = _absolute(value, base)
        elif isinstance(value, list):
            made[name] = [str(base.absolute() / each) for each in value]
        else:
            made[name] = str(base.absolute() / value)
    return made


def _faults(config: Config) -> Iterator[ConfigError]:
    """Say what the settings' kinds do not: what belongs together, and how an address looks."""
    for where, door in (("grpc.listen", config.grpc.listen), ("http.listen", config.http.listen)):
        yield from _listen_faults(where, door)
    if not 0 <= config.http.initiation_days <= VALID_DAYS_MAX:
        yield ConfigError(f"It is from 0 to {VALID_DAYS_MAX} days.", where="http.initiation_days")
    courier = config.courier
    if courier.serve or courier.listen:
        yield from _listen_faults("courier.listen", courier.listen)
    if courier.in_flight not in (1, 2):
        yield ConfigError("One transaction is under way at a time, or two.", where="courier.in_flight")
    for place, at in enumerate(courier.at):
        yield from _listen_faults(f"courier.at[{place}].address", at.address)
    yield from _fabric_faults(config.fabric)


def _fabric_faults(fabric: Fabric) -> Iterator[ConfigError]:
    if not fabric.endorsers:
        yield ConfigError("Nobody endorses.", where="fabric.endorsers", do="Name both authorities' MSP ids")
    for msp in (fabric.msp, *fabric.endorsers):
        if msp not in {peer.msp for peer in fabric.peers}:
            do = f'Add a [[fabric.peers]] with msp = "{msp}"'
            yield ConfigError(f"No peer of {msp} is named.", where="fabric.peers", do=do)
    for place, peer in enumerate(fabric.peers):
        if peer.msp not in (fabric.msp, *fabric.endorsers):
            sentence = f"{peer.msp} is neither this organisation nor one that endorses."
            yield ConfigError(
                sentence, where=f"fabric.peers[{place}].msp", do="Take it out, or name its MSP id rightly"
            )
        yield from _listen_faults(f"fabric.peers[{place}].address", peer.address)
    if bool(fabric.tls_certificate) != bool(fabric.tls_key):
        yield ConfigError("A certificate and its key go together.", where="fabric.tls_certificate")
    if fabric.keepalive_s <= 0:
        yield ConfigError("It must be more than nothing.", where="fabric.keepalive_s")


def _listen_faults(where: str, address: str) -> Iterator[ConfigError]:
    found = _LISTEN(address)
    if found is None or int(found["port"]) > _PORT_MAX:
        yield ConfigError(f"{address!r} is no address.", where=where, do="Write host:port, such as 127.0.0.1:7104")
