"""A network of many banks on an embedded ledger, driven through the ledger client without doors or read models."""

import asyncio
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

from gateway.app import wall_clock_ms
from gateway.auth.signing import sign_command
from gateway.bench.workload import CURRENCY, DATE, profiles
from gateway.development.members import Member, Profile, found, open_accounts
from gateway.ledger.courier import LocalCourier
from gateway.ledger.embedded import EmbeddedNetwork
from gateway.ledger.lists import Lists, Outcome
from settlement import canonical
from settlement.accounts.issuance import ApproveIssuance, ConfirmIssuance, RequestIssuance
from settlement.records import Command

NETWORK: Final = "bench"
FUNDS: Final = "1000000000.00"
AT_ONCE: Final = 25
"""Payments that a bank hands over in one call; what waits meanwhile is merged by the desk and the courier."""
IN_FLIGHT: Final = 1500
"""Payments under way in the whole network."""


class Desk:
    """A bank's signed lists, and nothing else of a gateway."""

    def __init__(self, member: Member, network: EmbeddedNetwork, courier: LocalCourier) -> None:
        self.participant: Final = member.participant
        self.network: Final = network.ledger.network
        self._lists: Final = Lists(
            network=self.network,
            participant=member.participant,
            credential=member.service.credential,
            courier=courier,
            last_sequence=lambda: 0,
            known=lambda commands: [None] * len(commands),
            caught_up=_at_once,
        )

    async def ask(self, commands: Sequence[Command]) -> list[Outcome]:
        """Ask, and wait until it is durable on the ledger."""
        return await self._lists.submit([canonical.encode(command) for command in commands])


class Banks:
    """The network of the benchmark: founded, funded, its day open."""

    def __init__(self, directory: Path, organisations: Iterable[Profile] | None = None) -> None:
        """Begin a network of `organisations`, of which those whose name begins with "bank" are banks."""
        self.members: Final = {each.participant: Member(each) for each in organisations or profiles()}
        self.profiles: Final = [member.profile for name, member in self.members.items() if name.startswith("bank")]
        self.ledger: Final = EmbeddedNetwork.open(directory, network=NETWORK, clock=wall_clock_ms)
        courier = LocalCourier(
            self.ledger.client("clearing", self.members["clearing"].service.credential, wall_clock_ms),
        )
        self.desks: Final = {name: Desk(member, self.ledger, courier) for name, member in self.members.items()}

    async def begin(self) -> None:
        """Found the network and give every bank money."""
        banks = [profile.participant for profile in self.profiles]
        clearing = self.desks["clearing"]
        await found(clearing, self.members)
        await open_accounts(clearing, self.members, [CURRENCY], banks, DATE)
        await self._fund(banks)

    async def settle(self, payments: Iterable[Command]) -> float:
        """Settle payments as fast as they go, each by its payer's desk; give seconds. Every one must settle."""
        queues: dict[str, list[Command]] = defaultdict(list)
        for payment in payments:
            queues[payment.payer].append(payment)  # type: ignore[attr-defined]  # the workload's are payments
        codes: Counter[str] = Counter()
        slots = asyncio.Semaphore(IN_FLIGHT // AT_ONCE)

        async def drain(desk: Desk, group: list[Command]) -> None:
            async with slots:
                codes.update(outcome.code for outcome in await desk.ask(group))

        start = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for offset in range(0, max(map(len, queues.values())), AT_ONCE):
                for name, queue in queues.items():
                    if group := queue[offset : offset + AT_ONCE]:
                        tasks.create_task(drain(self.desks[name], group))
        elapsed_s = time.perf_counter() - start
        assert set(codes) == {""}, codes
        return elapsed_s

    async def _fund(self, banks: list[str]) -> None:
        requests = {bank: str(uuid4()) for bank in banks}
        for bank, issuance_id in requests.items():
            asked = RequestIssuance(
                command_id=secrets.token_hex(16),
                issuance_id=issuance_id,
                currency=CURRENCY,
                amount=FUNDS,
                funding_reference="BENCH",
            )
            await self.desks[bank].ask([asked])
        confirmations = [
            ConfirmIssuance(command_id=str(uuid4()), participant=bank, issuance_id=key, credit_reference="BENCH")
            for bank, key in requests.items()
        ]
        approvals = [
            ApproveIssuance(command_id=str(uuid4()), participant=bank, issuance_id=key)
            for bank, key in requests.items()
        ]
        for name, commands in (("officer-1", confirmations), ("officer-2", approvals)):
            person = self.members["clearing"].person(name)
            signed = [sign_command(NETWORK, command, person) for command in commands]
            assert all(not outcome.code for outcome in await self.desks["clearing"].ask(signed))


async def _at_once(_: int) -> None:
    return None
