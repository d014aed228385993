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
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec

from gateway.settings import Config, Fabric, Section
from settlement.payments.initiation import VALID_DAYS_MAX

PREFIX: Final = "WAITAN_GATEWAY_"
"""How the names of environment variables begin."""

_LISTEN: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:]+\]|[^:\s]+):(?P<port>\d{1,5})").fullmatch
_PORT_MAX: Final = 65535
DRAIN_MAX_S: Final = 600.0


class ConfigError(Exception):
    """A setting is not what it should be: `where` names it, `do` says what mends it."""

    def __init__(self, sentence: str, *, where: str = "", do: str = "") -> None:
        super().__init__(sentence)
        self.sentence: Final = sentence
        self.where: Final = where
        self.do: Final = do


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
        if isinstance(field, type) and issubclass(field, Section):
            yield from _scalars(field, (*above, name))
        elif field in (str, bool, bool | None, int, float, tuple[str, ...]) or _is_choice(field):
            yield (*above, name), field


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _require_known(raw: Any, kind: Any, where: str) -> None:
    """Refuse what is no setting, and say which may have been meant."""
    hints = get_type_hints(kind)
    for name, value in raw.items() if isinstance(raw, dict) else ():
        here = f"{where}.{name}" if where else name
        if name not in hints:
            raise ConfigError(f"{here} is no setting.", where=here, do=_nearest(name, hints))
        field = hints[name]
        tables = getattr(field, "__args__", ())
        if isinstance(field, type) and issubclass(field, Section):
            _require_known(value, field, here)
        elif tables and issubclass(tables[0], Section) and isinstance(value, list):
            for place, each in enumerate(value):
                _require_known(each, tables[0], f"{here}[{place}]")


def _nearest(word: str, words: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else f"Settings here are: {', '.join(words)}"


_FILES: Final = frozenset(
    {
        *("data", "certificate", "key", "root", "roots", "tls_root", "tls_certificate", "tls_key"),
        *("crl", "keys", "revoked"),
    }
)
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
            made[name] = str(base.absolute() / value) if value else value
    return made


def _faults(config: Config) -> Iterator[ConfigError]:
    """Say what the settings' kinds do not: what belongs together, and how an address looks."""
    for where, door in (("grpc.listen", config.grpc.listen), ("http.listen", config.http.listen)):
        yield from _listen_faults(where, door)
    if not 0 <= config.http.initiation_days <= VALID_DAYS_MAX:
        yield ConfigError(f"It is from 0 to {VALID_DAYS_MAX} days.", where="http.initiation_days")
    yield from _limit_faults(config)
    yield from _operation_faults(config)
    courier = config.courier
    if courier.serve or courier.listen:
        yield from _listen_faults("courier.listen", courier.listen)
    if courier.in_flight not in (1, 2):
        yield ConfigError("One transaction is under way at a time, or two.", where="courier.in_flight")
    for place, at in enumerate(courier.at):
        yield from _listen_faults(f"courier.at[{place}].address", at.address)
    yield from _fabric_faults(config.fabric)


def _limit_faults(config: Config) -> Iterator[ConfigError]:
    grpc, http, per_address = config.grpc, config.http, config.http.connections_per_address_max
    for where, least, value in (
        ("grpc.rate_per_s", 0.001, grpc.rate_per_s),
        ("grpc.burst", 1, grpc.burst),
        ("grpc.calls_max", 1, grpc.calls_max),
        ("grpc.connections_max", 1, grpc.connections_max),
        ("http.rate_per_s", 0.001, http.rate_per_s),
        ("http.burst", 1, http.burst),
        ("http.connections_max", 1, http.connections_max),
        ("http.connections_per_address_max", 1, 1 if per_address is None else per_address),
        ("under_way_max", 1, config.under_way_max),
    ):
        if not value >= least:
            yield ConfigError(f"It is at least {least}.", where=where, do="Leave it out for the usual limit")
    names = [each.name for each in http.issuers]
    for place, name in enumerate(names):
        if not name or name in names[:place]:
            yield ConfigError("An issuer has a name of its own.", where=f"http.issuers[{place}].name")


def _operation_faults(config: Config) -> Iterator[ConfigError]:
    if config.operation.listen:
        yield from _listen_faults("operation.listen", config.operation.listen)
    if not 0 <= config.operation.drain_s <= DRAIN_MAX_S:
        yield ConfigError(f"It is from 0 to {DRAIN_MAX_S:.0f} seconds.", where="operation.drain_s")
    if not 0 <= config.tracing.share <= 1:
        yield ConfigError("It is from 0 to 1.", where="tracing.share")
    if config.tracing.endpoint and not config.tracing.endpoint.startswith(("http://", "https://")):
        do = "Write it whole, such as http://127.0.0.1:4318/v1/traces"
        yield ConfigError("It is no HTTP address.", where="tracing.endpoint", do=do)
    if config.tracing.endpoint and find_spec("opentelemetry") is None:
        yield ConfigError(
            "OpenTelemetry is not installed.", where="tracing.endpoint", do="Install it: pip install 'waitan[otel]'"
        )


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
