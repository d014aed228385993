"""Whether the ledger will enter an organisation: asked before a network is made with it, not when its day begins."""

from network.faults import DescriptionFault
from network.topology import Organisation
from settlement import participants
from settlement.errors import Refusal
from settlement.parties import Kind


def require_enterable(organisation: Organisation, *, do: str) -> None:
    """Raise `DescriptionFault` for names or a BIC that the ledger's own rules refuse; `do` says how they are mended."""
    described = participants.Organisation(
        participant=organisation.name,
        kind=Kind(organisation.kind.value),
        name=organisation.title or organisation.name,
        msp=organisation.msp,
        root="",
        bic=organisation.bic,
    )
    try:
        participants.entered(None, described)
    except Refusal as refusal:
        field = refusal.where.removeprefix("organisation.")
        told = {"bic": f"bic {organisation.bic}", "name": f"title {organisation.title}"}.get(field, field)
        raise DescriptionFault(
            f"{organisation.name}: the ledger will not take its {told} ({refusal.code}).",
            do=f"{do} What is asked: waitan why {refusal.code}",
        ) from None
