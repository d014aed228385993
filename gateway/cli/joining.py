"""`waitan participant add` and `customer`: one more bank for a development network, one more customer for a bank."""

from pathlib import Path

from gateway.cli.copying import waitan
from gateway.cli.failures import usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts, require_not_on_fabric
from gateway.development.members import Profile
from settlement import identifiers
from settlement.errors import Refusal
from settlement.participants import NAME, Customer, RegisterCustomer
from settlement.parties import Kind


def add(say: Say, data: Path | None, name: str, bic: str, title: str) -> None:
    """Make a bank's certificates and write it into the network's description; a usage failure where that cannot be."""
    places = Whereabouts(data)
    require_not_on_fabric(places.directory, f"waitan network add-bank {name} --bic {bic}")
    if NAME.fullmatch(name) is None:
        raise usage(f"{name} cannot be a name here.", do="Write 2 to 31 lower-case letters and digits, a letter first.")
    try:
        chosen = identifiers.bic(bic)
    except Refusal:
        raise usage(f"{bic} is no BIC.", do="Write eleven capitals and digits, such as MNHBDEFFXXX.") from None
    for known in places.description.organisations:
        if name == known.participant or chosen == known.bic:
            raise usage(f"{known.participant} ({known.bic}) is on this network already.", do="Choose another.")
    places.directory.add(Profile(name, Kind.BANK, title or name, chosen))
    say.result({"participant": name, "bic": chosen})
    say.line(f"{name} ({chosen}) has its certificates.")
    say.line("Now stop waitan up and start it again: it takes the bank on board, opens its accounts and its gateway.")
    say.line(f"Next: {waitan('up', places.directory)}", wrap=False)


async def register(say: Say, who: Who, *, identifier: str, name: str, accounts: list[str]) -> None:
    """Enter a bank's customer, or replace what was entered before."""
    places = Whereabouts(who.data)
    bank = places.bank(who.at or "").participant
    customer = Customer(identifier=identifier, name=name, accounts=tuple(accounts))
    async with calling(places, bank, who.person) as session:
        done = await session.client.ask(RegisterCustomer(command_id=new_id(), customer=customer))
    say.result({"participant": bank, "customer": identifier, "accounts": accounts, "block": done.block})
    say.line(f"{name} is a customer of {bank} (block {done.block}).")
    after = waitan(f"token --at {bank} --customer {identifier}", places.directory)
    say.line(f"Next: {after}", wrap=False)
