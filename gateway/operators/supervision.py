"""SupervisionService: what the regulator has read; and how its own gateway records that before it answers."""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.message import Message

from gateway import reasons
from gateway.app import Gateway
from gateway.operators import paging
from gateway.operators.edge import Context, caller
from gateway.operators.permissions import READS
from gateway.supervision import SUBJECTS, Question, Supervision
from settlement import dates
from waitan.v1 import supervision_pb2 as pb
from waitan.v1.supervision_pb2_grpc import SupervisionServiceServicer


class Supervisions(SupervisionServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    async def ListReads(self, request: pb.ListReadsRequest, context: Context) -> pb.ListReadsResponse:
        """List what the regulator has read."""
        self._gateway.require_serving()
        page = paging.page(self._gateway, request, "reads")
        found = self._gateway.supervisory_reads.page(
            after=page.after, limit=page.limit, participant=request.participant
        )
        reads = [
            pb.SupervisoryRead(
                participant=view.record.participant,
                by=each.by,
                question=each.question,
                subject=each.subject,
                reason=each.reason,
                times=each.times,
                at=dates.render(view.record.at_ms),
                block=view.block,
            )
            for view in found
            for each in view.record.reads
        ]
        return pb.ListReadsResponse(reads=reads, next=page.following([each.id for each in found]))


class Recording:
    """Records a read before its handler runs (gateway.operators.edge.Noting)."""

    def __init__(self, gateway: Gateway) -> None:
        self._supervision: Final = Supervision(gateway)

    async def __call__(self, method: str, request: Message, metadata: Mapping[str, Any]) -> None:
        """Record it, if the gateway is the regulator's and the method tells what is somebody's."""
        if method not in READS or not self._supervision.is_on:
            return
        fields = request.DESCRIPTOR.fields_by_name
        named = {name: str(getattr(request, name)) for name in SUBJECTS if name in fields}
        reason = metadata.get(reasons.HEADER.lower(), "")
        await self._supervision.note(Question(name=method, by=caller().fingerprint, reason=reason, named=named))
