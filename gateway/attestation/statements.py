"""How a payment stands, said of an organisation's own read model: the words that all who hold it must say alike."""

from gateway.projection.queries import PaymentView
from settlement import dates, money
from settlement.forms.payment_certificate import PaymentStatement


def stated(view: PaymentView) -> PaymentStatement:
    """State how a payment stands."""
    status = view.status
    return PaymentStatement(
        uetr=view.uetr,
        payer=view.payer,
        payee=view.payee,
        currency=view.currency,
        amount=view.command.amount,
        settlement_date=view.command.settlement_date,
        state=view.state.value,
        status=status.status,
        status_reason=status.reason or "",
        credit=view.credit.value if view.credit else "",
        returned_amount=money.render(view.returned_minor, view.currency) if view.returned_minor else "",
        transaction_id=view.tx_id,
        block=view.block,
        at=dates.render(view.at_ms),
    )
