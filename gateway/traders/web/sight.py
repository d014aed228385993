"""What pages show of payments, to whom: those that a reader may see, and of each what the reader may read."""

from typing import Final, NamedTuple

from msgspec.structs import replace

from gateway.app import Gateway
from gateway.projection import search
from gateway.projection.queries import PaymentView
from gateway.projection.search import Wanted
from gateway.traders.visibility import Visibility, sees_parties
from gateway.traders.web.life import Mood
from gateway.traders.web.readers import Reader
from settlement import money
from settlement.payments.payment import SettlementState

MOODS: Final = {
    "PDNG": Mood.AWAITED,
    "ACSP": Mood.AWAITED,
    "ACSC": Mood.DONE,
    "ACWP": Mood.AWAITED,
    "ACCC": Mood.FINAL,
    "BLCK": Mood.STOPPED,
    "RJCT": Mood.STOPPED,
}
"""How an ISO 20022 transaction status is coloured."""


class Row(NamedTuple):
    """A payment as a list shows it: `payer` and `payee` for people, `mood` colours its status."""

    uetr: str
    at_ms: int
    payer: str
    payee: str
    reference: str
    amount: str
    currency: str
    status: str
    """A key of the words: the ISO 20022 status, but for what is reserved, which that does not tell from settled."""
    mood: str
    reason: str
    sent_back: str = ""
    """The key of the word for what was sent back of it: all, or a part."""


class Sight:
    """Finds payments of one gateway for readers."""

    def __init__(self, gateway: Gateway, visibility: Visibility) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility

    def payment(self, uetr: str, reader: Reader) -> PaymentView:
        """Find a payment; raises `Refusal` where there is none that the reader may see."""
        return self._visibility.payment(uetr, reader.holder)

    def page(self, reader: Reader, wanted: Wanted, *, before: int | None = None, limit: int) -> search.Page:
        """Give a page of payments, newest first; it may take long, so it is asked from a thread.

        Who may not read parties does not find payments by them either: of words an end-to-end reference alone counts.
        """
        if not sees_parties(reader.holder):
            wanted = replace(wanted, text="", end_to_end_id=wanted.text or wanted.end_to_end_id)
        return self._gateway.search.page(
            replace(wanted, parties=self._visibility.parties(reader.holder)),
            may_see=self._visibility.test(reader.holder),
            before=before,
            limit=limit,
        )

    def row(self, view: PaymentView, reader: Reader) -> Row:
        """Give a payment's row: with its parties, or with its banks for those who may not read parties."""
        command, status = view.command, view.status
        payer, payee = command.debtor.name or command.debtor.any_bic, command.creditor.name or command.creditor.any_bic
        if not sees_parties(reader.holder):
            names = self._gateway.participants()
            payer, payee = (
                names[each].organisation.name if each in names else each for each in (view.payer, view.payee)
            )
        amount, currency = money.for_people(money.render(view.amount_minor, view.currency), view.currency).split(" ")
        return Row(
            uetr=view.uetr,
            at_ms=view.at_ms,
            payer=payer,
            payee=payee,
            reference=command.end_to_end_id,
            amount=amount,
            currency=currency,
            status=status_word(view),
            mood=MOODS[status.status].value,
            reason=status.reason or "",
            sent_back=_sent_back(view),
        )


def status_word(view: PaymentView) -> str:
    """Give the key of the word for how a payment stands."""
    return "RESERVED" if view.state is SettlementState.RESERVED else view.status.status


def _sent_back(view: PaymentView) -> str:
    if not view.returned_minor:
        return ""
    return "returned" if view.returned_minor == view.amount_minor else "returned_in_part"
