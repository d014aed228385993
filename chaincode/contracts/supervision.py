"""What the regulator reads, noted with whom it concerns."""

from chaincode.contracts import places, trade_records
from chaincode.overlay import LedgerTx
from chaincode.transactions import transaction
from settlement import supervision
from settlement.supervision import RecordReads


def _concerned(command: RecordReads) -> tuple[str, ...]:
    return command.participants


@transaction(RecordReads, names=_concerned)
async def record_reads(tx: LedgerTx, command: RecordReads) -> None:
    """Record reads with each organisation whose data they may show."""
    recorded = supervision.recorded(command, at_ms=tx.timestamp_ms)
    await trade_records.require_organisations(tx, command.participants, "reads.participants")
    for each in recorded:
        place = await places.hidden(tx, each.participant, "supervisory_reads", command.command_id)
        tx.put(place, each)
