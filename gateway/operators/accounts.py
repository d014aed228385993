"""AccountService: currencies, accounts, issuance and redemption."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import codec
from gateway.operators.asking import Asking
from gateway.operators.edge import Context
from settlement import money
from settlement.accounts import account, issuance, redemption
from settlement.payments.release import SetReleaseLimit
from waitan.v1 import accounts_pb2 as pb
from waitan.v1 import common_pb2 as common
from waitan.v1.accounts_pb2_grpc import AccountServiceServicer


class Accounts(AccountServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._asking: Final = Asking(gateway)

    async def AdmitCurrency(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Name a currency's settlement agent."""
        return await self._asking.signed(request, issuance.AdmitCurrency)

    async def OpenAccount(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Open an account."""
        return await self._asking.signed(request, account.OpenAccount)

    async def CloseAccount(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Close it at zero."""
        return await self._asking.signed(request, account.CloseAccount)

    async def SetReleaseLimit(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Limit what one officer alone pays."""
        return await self._asking.signed(request, SetReleaseLimit)

    async def BlockAccount(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Stop it."""
        return await self._asking.signed(request, account.BlockAccount)

    async def UnblockAccount(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Let it move again."""
        return await self._asking.signed(request, account.UnblockAccount)

    async def RequestIssuance(self, request: pb.RequestIssuanceRequest, context: Context) -> common.CommandDone:
        """Ask for money on the ledger."""
        return await self._asking.either(request, issuance.RequestIssuance)

    async def ConfirmIssuance(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Confirm that the funding arrived."""
        return await self._asking.signed(request, issuance.ConfirmIssuance)

    async def ApproveIssuance(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Issue."""
        return await self._asking.signed(request, issuance.ApproveIssuance)

    async def DeclineIssuance(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """End an issuance that is not to be."""
        return await self._asking.signed(request, issuance.DeclineIssuance)

    async def RequestRedemption(self, request: pb.RequestRedemptionRequest, context: Context) -> common.CommandDone:
        """Ask for money outside."""
        return await self._asking.either(request, redemption.RequestRedemption)

    async def ConfirmRedemption(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Find a redemption in order."""
        return await self._asking.signed(request, redemption.ConfirmRedemption)

    async def ApproveRedemption(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Burn."""
        return await self._asking.signed(request, redemption.ApproveRedemption)

    async def DeclineRedemption(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """End a redemption that is not to be."""
        return await self._asking.signed(request, redemption.DeclineRedemption)

    async def RecordPayout(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Tell the reference of the payment made outside."""
        return await self._asking.signed(request, redemption.RecordPayout)

    async def FailPayout(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Restore what was burned."""
        return await self._asking.signed(request, redemption.FailPayout)

    async def ListAccounts(self, request: pb.ListAccountsRequest, context: Context) -> pb.ListAccountsResponse:
        """List the accounts that the organisation may see."""
        own = self._gateway.participant
        found = [
            _account(each, shows_limit=each.participant == own)
            for each in self._gateway.queries.accounts()
            if request.participant in ("", each.participant) and request.currency in ("", each.currency)
        ]
        return pb.ListAccountsResponse(accounts=found)

    async def ListIssuances(self, request: pb.ListIssuancesRequest, context: Context) -> pb.ListIssuancesResponse:
        """List its issuances."""
        found = self._gateway.queries.records(issuance.Issuance)
        return pb.ListIssuancesResponse(
            issuances=[_issuance(each) for each in found if request.participant in ("", each.participant)]
        )

    async def ListRedemptions(self, request: pb.ListRedemptionsRequest, context: Context) -> pb.ListRedemptionsResponse:
        """List its redemptions."""
        found = self._gateway.queries.records(redemption.Redemption)
        return pb.ListRedemptionsResponse(
            redemptions=[_redemption(each) for each in found if request.participant in ("", each.participant)]
        )

    async def ListCurrencies(self, request: pb.ListCurrenciesRequest, context: Context) -> pb.ListCurrenciesResponse:
        """List the currencies that the ledger settles."""
        found = self._gateway.queries.records(issuance.Currency)
        return pb.ListCurrenciesResponse(currencies=[codec.write(each, pb.Currency) for each in found])


def _account(record: account.Account, *, shows_limit: bool) -> pb.Account:
    limit_minor = record.release_limit_minor if shows_limit else None
    return pb.Account(
        participant=record.participant,
        currency=record.currency,
        kind=record.kind,
        state=codec.choice(account.AccountState, pb.AccountState, record.state),
        balance=money.render(record.posted_minor, record.currency),
        available=money.render(record.available_minor, record.currency),
        posted_minor=record.posted_minor,
        reserved_minor=record.reserved_minor,
        blocked_because=record.blocked_because,
        release_limit="" if limit_minor is None else money.render(limit_minor, record.currency),
    )


def _issuance(record: issuance.Issuance) -> pb.Issuance:
    return pb.Issuance(
        issuance_id=record.issuance_id,
        participant=record.participant,
        currency=record.currency,
        amount=record.amount,
        funding_reference=record.funding_reference,
        state=codec.choice(issuance.IssuanceState, pb.IssuanceState, record.state),
        credit_reference=record.credit_reference,
        confirmed_by=record.confirmed_by.name if record.confirmed_by else "",
        approved_by=record.approved_by.name if record.approved_by else "",
        reason=record.reason,
        declined_by=record.declined_by.name if record.declined_by else "",
    )


def _redemption(record: redemption.Redemption) -> pb.Redemption:
    return pb.Redemption(
        redemption_id=record.redemption_id,
        participant=record.participant,
        currency=record.currency,
        amount=record.amount,
        payout_account=record.payout_account,
        state=codec.choice(redemption.RedemptionState, pb.RedemptionState, record.state),
        confirmed_by=record.confirmed_by.name if record.confirmed_by else "",
        approved_by=record.approved_by.name if record.approved_by else "",
        payout_reference=record.payout_reference,
        reason=record.reason,
        ended_by=record.ended_by.name if record.ended_by else "",
    )
