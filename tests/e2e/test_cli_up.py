"""`waitan up`: what is kept from one start to the next, and what stops it from starting."""

import asyncio
import json
import re
import resource
import shutil
import socket
from pathlib import Path
from urllib.request import urlopen

from gateway.auth.development import Issued
from gateway.cli.up import FUNDS
from gateway.development.data_directory import DataDirectory
from gateway.development.morning import prepare, today
from gateway.development.process import running
from gateway.ledger.port import Delivered
from gateway.ledger.remote_courier import RemoteCourier
from gateway.tls import TlsIdentity
from settlement import canonical
from settlement.forms.consent import SignedList, list_to_sign
from settlement.participants import Customer, RegisterCustomer
from tests.builders import an_id
from tests.e2e.running import Terminal

LISTS_MAX = 50
"""More than a bank sends on a network's first morning."""


def test_what_was_paid_is_there_after_a_restart_and_an_old_day_is_followed_by_today(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    asyncio.run(_prepared(DataDirectory(terminal.data), "2020-02-28"))
    with terminal.up() as ready:
        assert {day["date"] for day in ready["days"].values()} == {today()}
        assert {day["state"] for day in ready["days"].values()} == {"OPEN"}
        uetr = terminal.json("pay", "1.00", "CNY")["uetr"]
    unreachable = terminal.run("payment", "show", uetr, exit_code=3)
    assert unreachable.errors.startswith("Unreachable")
    assert "See that the network runs: waitan up" in unreachable.errors
    with terminal.up():
        assert terminal.json("payment", "show", uetr)["status"] == "ACSC"
        in_use = terminal.run("up", "--grpc-port", "0", "--http-port", "0", exit_code=3)
        assert "in use by another process" in " ".join(in_use.errors.split())
    assert terminal.json("ledger", "verify")["sound"] is True


async def _prepared(directory: DataDirectory, date: str) -> None:
    directory.create()
    async with running(directory) as network:
        await prepare(network.gateways, network.members, funds=FUNDS, date=date)


def test_a_bank_that_was_added_is_on_board_at_the_next_start(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    DataDirectory(terminal.data).create()
    terminal.run("participant", "add", "bankfra", "MNHBDEFFXXX", "--name", "Mainufer Handelsbank")
    again = terminal.run("participant", "add", "bankmil", "MNHBDEFF", exit_code=2)
    assert "is on this network already" in again.errors
    with terminal.up() as ready:
        assert ready["organisations"]["bankfra"]["name"] == "Mainufer Handelsbank"
        accounts = terminal.json("account", "list", "--at", "bankfra")["accounts"]
        assert {each["currency"] for each in accounts} == set(ready["days"])
        assert terminal.json("pay", "1.00", "CNY", "--to", "bankfra")["result"] == "RESULT_SETTLED"


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = Terminal(tmp_path).run("up", "--grpc-port", str(port), "--http-port", "0", exit_code=3)
    assert ran.errors.startswith("Cannot serve")
    assert f"Port {port} is taken" in ran.errors
    assert "--grpc-port 7201" in ran.errors


def test_a_directory_whose_description_is_damaged_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text("{")
    ran = Terminal(tmp_path).run("up", "--grpc-port", "0", "--http-port", "0", exit_code=3)
    assert "cannot be read" in ran.errors


def test_a_ledger_that_lacks_what_a_gateway_has_read_is_not_served(tmp_path: Path) -> None:
    """An older copy, or none: what is lost is said in a sentence, and how to mend it."""
    terminal = Terminal(tmp_path / "data")
    ledger, older = DataDirectory(terminal.data).ledger, tmp_path / "older"
    with terminal.up():
        pass
    shutil.copytree(ledger, older)
    with terminal.up():
        terminal.run("pay", "1.00", "CNY")
    shutil.rmtree(ledger)
    told = _not_served(terminal)
    assert "has run, but its ledger is gone: restore the whole directory from a backup" in told
    shutil.copytree(older, ledger)
    told = _not_served(terminal)
    assert told.startswith("Cannot serve what a reader of clearing has seen ")
    assert re.search(r"blocks, the ledger has \d+: restore the ledger's newest backup", told)


def _not_served(terminal: Terminal) -> str:
    ran = terminal.run("up", "--grpc-port", "0", "--http-port", "0", exit_code=3)
    assert "Traceback" not in ran.errors
    return " ".join(ran.errors.split())


def test_a_gateway_of_another_process_hands_its_lists_to_the_courier_and_a_machine_sees_how_all_are(
    tmp_path: Path,
) -> None:
    terminal = Terminal(tmp_path / "data")
    with terminal.up() as ready:
        carriers = [name for name, each in ready["organisations"].items() if "courier" in each]
        assert carriers == ["clearing", "regulator"]
        for name in carriers:
            delivered = asyncio.run(
                _carried(DataDirectory(terminal.data), ready["organisations"][name]["courier"], name)
            )
            assert [answer.code for answer in delivered.answers] == [""]
        assert set(json.loads(_told(f"{ready['operation']}/readyz"))["gateways"]) == set(ready["organisations"])
        carried = b'waitan_calls_total{door="grpc",method="CourierService/Carry",participant="clearing"'
        assert carried in _told(f"{ready['operation']}/metrics")


def test_it_opens_as_many_files_as_it_is_let(tmp_path: Path) -> None:
    begun, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(begun, most - 1), most))
    try:
        with Terminal(tmp_path / "data").up() as ready:
            [told] = re.findall(rb"(?m)^process_max_fds (\S+)$", _told(f"{ready['operation']}/metrics"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (begun, most))
    assert float(told) == most


def _told(url: str) -> bytes:
    with urlopen(url) as response:  # noqa: S310 - of this machine
        told: bytes = response.read()
        return told


async def _carried(directory: DataDirectory, address: str, carrier: str) -> Delivered:
    """Let a bank's gateway send a list over the wire: with the number after its last, whichever that is."""
    description, organisation = directory.description(), directory.organisation("banksh")
    service = Issued.read(organisation, "gateway")
    root = directory.organisation(carrier) / "ca.crt"
    courier = RemoteCourier(address, TlsIdentity(service.certificate, service.key, root.read_bytes()))
    command = RegisterCustomer(command_id=an_id(), customer=Customer(identifier="5493001KJTIIGC8Y1R12", name="Silk"))
    encoded = canonical.encode(command)
    try:
        for sequence in range(1, LISTS_MAX):
            digests = (canonical.digest(encoded),)
            to_sign = list_to_sign(description.network, "banksh", sequence, digests)
            credential = service.credential
            signed = SignedList("banksh", sequence, (encoded,), credential.sign(to_sign), credential.certificate)
            delivered = await courier.carry(signed)
            if delivered.answers[0].code != "SEQUENCE_NOT_NEXT":
                return delivered
    finally:
        await courier.close()
    raise AssertionError("no number was the next one")
