"""`waitan customs`: declarations, lodged by traders and handled by officers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from gateway.cli.customs.files import declared
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.trade.calling import BANK, TRADER
from gateway.cli.whereabouts import Whereabouts
from settlement.catalogue import CATALOGUE
from settlement.customs.assessment import AssessTax, TaxAssessment
from settlement.customs.declaration import (
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    ClearDeclaration,
    CompleteDeclaration,
    Declaration,
    HoldGoods,
    LiftHold,
    LodgeDeclaration,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.duty import CNY
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.money import for_people as money
from settlement.records import IdentifiedCommand

CUSTOMS: Final = "customs"
"""Who is asked for customs where nobody is named."""

_NUMBER_DIGITS: Final = 18
_DECISIONS: Final[dict[str, Callable[..., IdentifiedCommand]]] = {
    "accept": AcceptDeclaration,
    "reject": RejectDeclaration,
    "cancel": CancelDeclaration,
    "hold": HoldGoods,
    "lift": LiftHold,
    "inspect": OrderInspection,
    "inspected": RecordInspection,
    "assess": AssessTax,
    "release": ReleaseGoods,
    "clear": ClearDeclaration,
}


async def lodge(say: Say, who: Who, files: Sequence[Path], *, customs: str, is_summary: bool) -> None:
    """Lodge what some files hold."""
    commands = [
        LodgeDeclaration(command_id=new_id(), customs=customs, declared=declared(file), is_summary=is_summary)
        for file in files
    ]
    async with calling(Whereabouts(who.data), who.at or BANK, who.person or TRADER) as session:
        outcomes = await session.client.lodge(session.places.network, commands, session.credential)
    told = [
        {"number": each.declared.number, "status": one.status, "code": one.code, "where": one.where}
        for each, one in zip(commands, outcomes, strict=True)
    ]
    rows = [(each["number"], each["status"] or f"{each['code']} {each['where']}") for each in told]
    refused = [each for each in told if each["code"]]
    say.table(("declaration", "became"), rows)
    if refused:
        code = Code(refused[0]["code"])
        raise Failure(
            Exit.REFUSED,
            f"{len(refused)} of {len(told)} refused.",
            code=code,
            where=refused[0]["where"],
            do=CATALOGUE[code].remedy,
            also={"declarations": told},
        )
    say.result({"declarations": told})
    first = commands[0].declared.number
    say.line(f"How one stands: {session.command(f'customs show {first}')}", wrap=False)


async def say_anew(say: Say, who: Who, file: Path, *, reason: str) -> None:
    """Complete a summary; or, for a reason, correct a declaration."""
    content = declared(file)
    names: dict[str, Any] = {"command_id": new_id(), "declaration_id": declaration_id(content.number)}
    command: IdentifiedCommand = CompleteDeclaration(**names, declared=content)
    if reason:
        command = AmendDeclaration(**names, declared=content, reason=reason)
    at = who.at or BANK
    person = who.person or (TRADER if at != CUSTOMS else None)
    async with calling(Whereabouts(who.data), at, person) as session:
        await _ask(say, session, command, content.number, "is corrected" if reason else "is complete")


async def decide(say: Say, who: Who, word: str, number: str, told: str, **fields: Any) -> None:
    """Decide over a declaration."""
    command = _DECISIONS[word](command_id=new_id(), declaration_id=named(number), **fields)
    async with calling(Whereabouts(who.data), who.at or CUSTOMS, who.person) as session:
        await _ask(say, session, command, number, told)


async def show(say: Say, who: Who, number: str) -> None:
    """Show a declaration."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        found, tax = await with_assessment(session, number)
        owed = await session.client.tax_owed(tax.record_id) if tax else None
    goods = found.declared
    say.result(
        {
            "number": number,
            "declaration_id": found.record_id,
            "status": found.status,
            "version": found.version,
            "assessment_id": found.assessment,
            "owed": owed.total if owed else "",
        }
    )
    say.line(f"{number}  {found.status}  ({goods.direction.value}, version {found.version})")
    lines = [f"{goods.declarant.name} declared {len(goods.lines)} kinds of goods, on {goods.transport_document}."]
    lines += [
        f"{each.hs_code} {each.description}: {each.quantity} {each.unit}, {money(each.value, goods.currency)}"
        for each in goods.lines
    ]
    lines += [f"{hold.participant} holds the goods: {hold.reason}" for hold in found.holds if hold.is_open]
    if tax:
        lines.append(
            f"Duty {money(tax.duty, CNY)}, VAT {money(tax.vat, CNY)}, fee {money(tax.late_declaration_fee, CNY)}:"
            f" {money(tax.total, CNY)}, due on {tax.due_on}."
        )
    if owed and owed.total != "0.00":
        lines.append(f"Owed on {owed.on}: {money(owed.total, CNY)} ({owed.state.lower()}).")
    say.list(lines)
    if owed and owed.total != "0.00":
        say.line(f"To pay it: {session.command(f'customs pay {number} --at {found.bank}')}", wrap=False)
    say.line(f"All that happened: {session.command(f'trade show {found.record_id}')}", wrap=False)


async def with_assessment(session: Session, number: str) -> tuple[Declaration, TaxAssessment | None]:
    """Give a declaration, and its present assessment if it has one."""
    content = (await session.client.trade_record(named(number))).record.content
    found = msgspec.json.decode(content, type=Declaration)
    if not found.assessment:
        return found, None
    content = (await session.client.trade_record(found.assessment)).record.content
    return found, msgspec.json.decode(content, type=TaxAssessment)


def named(number: str) -> str:
    """Name a declaration by its number; a usage failure for what is none."""
    if len(number) != _NUMBER_DIGITS or not number.isdecimal():
        raise usage(f"{number} is no declaration's number.", do="It has 18 digits, such as 220120261000000017.")
    return declaration_id(number)


async def _ask(say: Say, session: Session, command: IdentifiedCommand, number: str, told: str) -> None:
    look = session.command(f"customs show {number} --at {session.participant}")
    with session.naming(f"Look it up: {look}", number=number):
        done = await session.ask(command)
    say.result({"number": number, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"{number} {told} (block {done.block}).")
