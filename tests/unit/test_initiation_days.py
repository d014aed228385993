"""The setting of how long a bank may release what a customer asked for."""

from pathlib import Path

import pytest

from gateway.config import PREFIX, ConfigError, load

FILE = """
participant = "banksh"
network = "waitan"
data = "data"
[service]
certificate = "c"
key = "k"
root = "r"
[grpc]
listen = "127.0.0.1:7104"
[http]
listen = "127.0.0.1:8104"
[fabric]
msp = "BankSH"
endorsers = ["Clearing"]
chaincode = "waitan"
certificate = "c"
key = "k"
[[fabric.peers]]
msp = "BankSH"
address = "127.0.0.1:7051"
tls_root = "t"
[[fabric.peers]]
msp = "Clearing"
address = "127.0.0.1:7052"
tls_root = "t"
"""


def days(directory: Path, said: str = "") -> int:
    path = directory / "gateway.toml"
    path.write_text(FILE)
    return load(path, {f"{PREFIX}HTTP_INITIATION_DAYS": said} if said else {}).http.initiation_days


def test_it_is_five_unless_it_is_set(tmp_path: Path) -> None:
    assert (days(tmp_path), days(tmp_path, "0"), days(tmp_path, "30")) == (5, 0, 30)


@pytest.mark.parametrize("said", ["-1", "31", "many"])
def test_what_the_ledger_would_refuse_is_refused_at_the_start(tmp_path: Path, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        days(tmp_path, said)
    assert raised.value.where.lower().endswith("initiation_days")
