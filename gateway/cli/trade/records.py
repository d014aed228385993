"""`waitan trade`: records of trade of every kind, and all that happened in a trade."""

from collections.abc import Iterable

from google.protobuf.json_format import MessageToDict

from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.trade.calling import BANK
from gateway.cli.whereabouts import Whereabouts
from waitan.v1 import trade_pb2 as pb


async def list_records(say: Say, who: Who, *, kind: str, state: str, party: str) -> None:
    """List records."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        found = [each async for each in session.client.trade_records(kind=kind, state=state.upper(), party=party)]
    say.result({"records": [MessageToDict(each, preserving_proto_field_name=True) for each in found]})
    rows = [(each.record_id, each.kind, each.number, each.state.lower()) for each in found]
    say.table(("record", "kind", "number", "state"), rows)
    if not rows:
        say.line("None. A trade begins with a contract: waitan contract propose FILE")


async def show(say: Say, who: Who, record_id: str) -> None:
    """Show one, and what happened to it."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        found = await session.client.trade_record(record_id)
    say.result(MessageToDict(found, preserving_proto_field_name=True))
    record = found.record
    say.line(f"{record.kind} {record.number}  {record.state.lower()}  (held by {', '.join(record.held_by)})")
    _tell(say, found.acts)
    say.line(f"All of its trade: {session.command(f'trade timeline {record.trade or record_id}')}", wrap=False)


async def timeline(say: Say, who: Who, trade: str) -> None:
    """Tell what happened in a trade."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        acts = [each async for each in session.client.timeline(trade)]
    say.result({"acts": [MessageToDict(each, preserving_proto_field_name=True) for each in acts]})
    _tell(say, acts)


def _tell(say: Say, acts: Iterable[pb.TradeAct]) -> None:
    rows = [(act.at, f"{act.kind} {act.number}", _happened(act), _by(act), str(act.block)) for act in acts]
    say.table(("when", "what", "happened", "by", "block"), rows, right=("block",), whole=("when",))


def _happened(act: pb.TradeAct) -> str:
    told = act.event.lower().replace("_", " ")
    return f"{told} to {act.to}" if act.to else told


def _by(act: pb.TradeAct) -> str:
    person = f"{act.signer}, " if act.signer else ""  # a payment of an invoice names none
    told = f"{person}{act.role.replace('_', ' ')} at {act.participant}"
    return f"{told}: {act.reason}" if act.reason else told
