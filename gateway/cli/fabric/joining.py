"""`waitan network add-bank`: one more bank in a running network, on its ledger too, while payments go on."""

from pathlib import Path
from typing import Final

from gateway.cli.copying import waitan
from gateway.cli.fabric.entering import require_enterable
from gateway.cli.fabric.network import build_of, ground_of, not_yet, tell_not_yet, told, warn_of_lent_ports
from gateway.cli.failures import usage
from gateway.cli.officers import new_id
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from gateway.development.members import onboarding
from gateway.operation import logs
from network import joining, raising, render
from network.deploy import Deployed
from network.lock import held
from network.nodes import Build, gateway
from network.topology import Kind, Organisation, Topology
from settlement import identifiers
from settlement.accounts.account import OpenAccount
from settlement.errors import Refusal
from settlement.participants import NAME
from settlement.records import IdentifiedCommand
from waitan.v1.participants_pb2 import PARTICIPANT_STATE_ACTIVE

_OFFICER: Final = "officer-1"


async def add_bank(say: Say, named: Path | None, name: str, bic: str, title: str, *, base_port: int) -> None:
    """Let a bank join; a usage failure where its name or BIC is none."""
    logs.configure(logs.Level.ERROR)
    if NAME.fullmatch(name) is None:
        raise usage(f"{name} cannot be a name here.", do="Write 2 to 31 lower-case letters and digits, a letter first.")
    try:
        chosen = identifiers.bic(bic)
    except Refusal:
        raise usage(f"{bic} is no BIC.", do="Write eleven capitals and digits, such as MNHBDEFFXXX.") from None
    build = build_of(named)
    bank, tell = joining.Bank(name, chosen, title or name, base_port), _telling(say)
    with told():
        ground = ground_of(build)
        require_enterable(Organisation(name=name, kind=Kind.BANK, title=bank.title, bic=chosen), do="Mend --name.")
        with held(build, "waitan network add-bank"):
            topology = render.read_topology(build)
            Whereabouts(build.path).door(
                topology.clearing.name, _OFFICER
            )  # else it would be known when all else is done
            _, widened = joining.around(topology, bank)
            warn_of_lent_ports(say, widened.organisation(name).ports)
            after, deployed = await joining.join(ground, topology, bank, tell)
            tell(f"Taking {name} on board: {_OFFICER} of {topology.clearing.name} signs")
            await _onboard(build, topology.clearing.name, name)
            tell(f"Starting {name}'s gateway")
            await ground.start(after, [gateway(after.organisation(name))])
            ground.keep()
    _ready(say, build, after, name, deployed)


def _telling(say: Say) -> raising.Tell:
    return lambda text: say.line(f"{text} ...")


async def _onboard(build: Build, clearing: str, name: str) -> None:
    """Enter the bank on the ledger and open its accounts, as far as that is not done."""
    places = Whereabouts(build.path)
    member = places.directory.members()[name]
    async with calling(places, clearing, _OFFICER) as session:
        known = {each.participant: each.state for each in await session.client.participants()}
        commands = [] if known.get(name) == PARTICIPANT_STATE_ACTIVE else onboarding(member)
        opened = {each.currency for each in await session.client.accounts(name)} if name in known else set()
        currencies = [each.currency for each in await session.client.currencies()]
        accounts = [
            OpenAccount(command_id=new_id(), participant=name, currency=currency)
            for currency in currencies
            if currency not in opened
        ]
        for command in (*(commands[1:] if name in known else commands), *accounts):
            assert isinstance(command, IdentifiedCommand), "an officer signs no other kind"
            await session.ask(command)


def _ready(say: Say, build: Build, topology: Topology, name: str, deployed: Deployed) -> None:
    places = Whereabouts(build.path)
    door = places.directory.endpoints(name)
    say.result(
        {
            "participant": name,
            "bic": topology.organisation(name).bic,
            "sequence": deployed.sequence,
            "grpc": door.grpc,
            "http": door.http,
            **not_yet(deployed),
        }
    )
    what = f"gRPC {door.grpc}, HTTP {door.http}; contracts at sequence {deployed.sequence}"
    say.line(f"{name} takes part: {what}.", style="green")
    tell_not_yet(say, build, deployed)
    say.line(f"Next: {waitan(f'account list --at {name}', places.directory)}", wrap=False)
