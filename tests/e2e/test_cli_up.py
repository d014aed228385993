"""`waitan up`: what is kept from one start to the next, and what stops it from starting."""

import asyncio
import socket
from pathlib import Path

from gateway.cli.up import FUNDS, today
from gateway.development.data_directory import DataDirectory
from gateway.development.morning import prepare
from gateway.development.process import running
from tests.e2e.running import Terminal


def test_what_was_paid_is_there_after_a_restart_and_an_old_day_is_followed_by_today(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data")
    asyncio.run(_prepared(DataDirectory(terminal.data), "2020-02-28"))
    with terminal.up() as ready:
        assert {day["date"] for day in ready["days"].values()} == {today()}
        assert {day["state"] for day in ready["days"].values()} == {"OPEN"}
        uetr = terminal.json("pay", "1.00", "CNY")["uetr"]
    unreachable = terminal.run("payment", "show", uetr, exit_code=3)
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
        assert "no example customer" in terminal.run("pay", "1.00", "CNY", "--to", "bankfra", exit_code=2).errors


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = Terminal(tmp_path).run("up", "--grpc-port", str(port), "--http-port", "0", exit_code=3)
    assert f"Port {port} is taken" in ran.errors
    assert "--grpc-port 7201" in ran.errors


def test_a_directory_whose_description_is_damaged_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text("{")
    ran = Terminal(tmp_path).run("up", "--grpc-port", "0", "--http-port", "0", exit_code=3)
    assert "cannot be read" in ran.errors
