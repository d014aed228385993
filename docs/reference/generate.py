"""Write the reference pages that follow from tables: `generate.py [DIRECTORY]`, by default into this directory itself.

`make reference` runs this, and a test runs it into an empty directory to see that what is committed is what comes out.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import settings_page

from chaincode.access import ACCESS
from gateway.outcomes import OUTCOMES
from gateway.traders import openapi
from settlement.accounts import account, issuance, redemption
from settlement.catalogue import CATALOGUE
from settlement.commands import AnyCommand
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.customs.rates import LIFECYCLE as NOTICE
from settlement.day import LIFECYCLE as DAY
from settlement.financing import LIFECYCLE as FINANCING
from settlement.participants import LIFECYCLE as PARTICIPANT
from settlement.parties import CERTIFIABLE, Kind, Role
from settlement.payments.initiation import LIFECYCLE as INITIATION
from settlement.payments.payment import STATUS
from settlement.payments.undertaking import LIFECYCLE as UNDERTAKING
from settlement.rulings import LIFECYCLE as RULING
from settlement.trade.contract import SalesContract
from settlement.trade.document import TradeDocument
from settlement.trade.invoice import Invoice
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import TradeRecord

OF_TRADE: tuple[type[TradeRecord[Any]], ...] = (
    SalesContract,
    Invoice,
    TradeDocument,
    BillOfLading,
    Declaration,
    TaxAssessment,
)
"""The kinds of records of trade."""
SOURCE = Path(__file__).resolve().parent


def lifecycles() -> str:
    """Every state machine as a diagram, and the statuses of a payment."""
    machines = (PARTICIPANT, account.LIFECYCLE, issuance.ISSUANCE, redemption.LIFECYCLE, DAY, INITIATION)
    machines += (UNDERTAKING, FINANCING)
    machines += tuple(kind.LIFECYCLE for kind in OF_TRADE)
    machines += (NOTICE, RULING)
    lines = [
        "# Lifecycles",
        "",
        "Drawn from the tables in `settlement/` by `make reference`. What a diagram does not show is refused",
        "(`MOVE_NOT_ALLOWED`) and changes nothing.",
    ]
    for machine in machines:
        lines += ["", f"## {machine.name.capitalize()}", "", "```mermaid", machine.diagram(), "```"]
    lines += [
        "",
        "## Payment",
        "",
        "A payment moves on two axes: how it settled, and how far the creditor's bank has come. Each only moves",
        "forward. Together they give the ISO 20022 status that a pacs.002 tells.",
        "",
        "| settlement | credit | TxSts | reason |",
        "|---|---|---|---|",
    ]
    for (state, credit), status in STATUS.items():
        reason = "as recorded" if status.reason is None else status.reason or "-"
        lines.append(f"| {state.value} | {credit.value if credit else '-'} | {status.status} | {reason} |")
    return "\n".join(lines) + "\n"


def codes() -> str:
    """Every code in order of precedence, with what it means and how each door tells it."""
    lines = [
        "# Codes",
        "",
        "In order of precedence: where two apply, the one that stands first is told. A *refusal* writes nothing and",
        "leaves the UETR free; a *rejection* is recorded with the payer, and the UETR is used. Made from",
        "`settlement/catalogue/` and `gateway/outcomes.py` by `make reference`; `waitan why CODE` tells the same.",
        "",
        "| code | family | gRPC | HTTP | retry | meaning | what to do | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for code, told in CATALOGUE.items():
        outcome = OUTCOMES[code]
        lines.append(
            f"| {code.value} | {told.family.value} | {outcome.grpc.name} | {outcome.http} | {outcome.retry.value} "
            f"| {told.meaning} | {told.remedy} | {told.source} |",
        )
    return "\n".join(lines) + "\n"


def access() -> str:
    """Who may ask for what."""
    lines = [
        "# Who may ask for what",
        "",
        "Made from `chaincode/access.py` by `make reference`. The contracts enforce it; a test walks every command",
        "with every role of every kind of organisation. *gateway*: the organisation's signature on the list is enough;",
        "any other role: a person of that role has signed the command. What is not listed is refused AG08.",
        "",
        "| command | " + " | ".join(kind.value for kind in Kind) + " |",
        "|---|" + "---|" * len(Kind),
    ]
    lines += [_row(command.__name__, pairs) for command, pairs in ACCESS.items()]
    lines += [
        "",
        "## Queries",
        "",
        "Every member of the channel may ask a peer *about*, which tells the network's name and the rules' version.",
        "There is no other query, for anybody: everything else is read at an organisation's gateway.",
        "",
    ]
    lines += ["## The roles that each kind of organisation may certify", "", "| kind | roles |", "|---|---|"]
    lines += [f"| {kind.value} | {', '.join(sorted(roles))} |" for kind, roles in CERTIFIABLE.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, pairs: frozenset[tuple[Role, Kind]]) -> str:
    cells = [", ".join(sorted(role.value for role, of in pairs if of is kind)) or "-" for kind in Kind]
    return f"| {name} | " + " | ".join(cells) + " |"


def commands() -> str:
    """Every command's fields, as JSON Schema: what stands in `SignedCommand.command` and in a list."""
    schema = msgspec.json.schema(AnyCommand)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Commands of Waitan",
        "description": "What a person signs (waitan.v1.SignedCommand.command) and a gateway puts into its list, in the "
        "canonical form of RFC 8785. `type` names the command; `requested_by` is set by the gateway. Made from the "
        "types in settlement/ by `make reference`.",
    }
    return json.dumps(head | schema, indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "commands.json": commands,
    "lifecycles.md": lifecycles,
    "codes.md": codes,
    "access.md": access,
    "configuration.md": settings_page.page,
    "openapi.json": openapi.text,
}


def main(target: Path) -> None:
    """Write all pages below a directory."""
    for name, page in PAGES.items():
        (target / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else SOURCE)
