"""What proves that a payer consented to a payment: the list that held it, put together from its journal again."""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gateway.projection.queries import PaymentView
from settlement import canonical, dates
from settlement.forms import journals, records
from settlement.forms.journals import Journal
from settlement.forms.payment_certificate import PaymentConsent

if TYPE_CHECKING:  # the store makes the tables
    from gateway.projection.store import Reader


class Proofs:
    """The question; it raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def of(self, view: PaymentView) -> PaymentConsent | None:
        """Give the payer's consent, None where this organisation is not told of the payer's lists."""
        entry = view.entry
        if entry.list_index < 0:
            return None
        ((packed, at_ms),) = self._reader.rows(
            "SELECT j.packed, j.at_ms FROM payments p JOIN journals j ON j.id = p.journal WHERE p.id = ?", (view.id,)
        )
        journal = journals.unpack(packed)
        proof = journal.lists[entry.list_index]
        certificate = self._certificate(view.payer, proof.certificate)
        if certificate is None:
            return None
        return PaymentConsent(
            participant=view.payer,
            sequence=proof.sequence,
            digests=_digests(journal, entry.list_index),
            position=entry.position,
            command=bytes(entry.command).decode(),
            at=dates.render(at_ms),
            signature=proof.signature,
            certificate=certificate,
        )

    def _certificate(self, participant: str, fingerprint: str) -> bytes | None:
        rows = self._reader.rows(
            "SELECT body FROM records WHERE collection = ? AND kind = 'Certificate'", (participant,)
        )
        for (body,) in rows:
            found = records.decode(body, private=False)
            if isinstance(found, records.Certificate) and sha256(found.der).hexdigest() == fingerprint:
                return found.der
        return None


def _digests(journal: Journal, list_index: int) -> tuple[str, ...]:
    """Give the digests of all commands of a list, in order: of those told here, and of those that are not."""
    told = {
        entry.position: canonical.digest(bytes(entry.command))
        for entry in journal.entries
        if entry.list_index == list_index
    }
    every = {**told, **dict(journal.lists[list_index].others)}
    return tuple(every[position] for position in sorted(every))
