"""Messages of the protocol and records say the same."""

import msgspec
import pytest
from google.protobuf.message import Message

from gateway.operators import codec
from settlement.accounts.issuance import RequestIssuance
from settlement.accounts.redemption import RequestRedemption
from settlement.errors import Refusal
from settlement.participants import Customer, RegisterCustomer, RevokeCertificates
from settlement.parties import OtherIdentification
from settlement.payments.commands import (
    AgentInstruction,
    Charge,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
)
from settlement.payments.initiation import DeclineInitiation, Instruction
from tests.builders import TEKSTIL, a_payment
from waitan.v1 import accounts_pb2, initiations_pb2, participants_pb2, payments_pb2

PAIRS = [
    (payments_pb2.Payment, SubmitPayment, {"payer", "payee", "requested_by"}),
    (accounts_pb2.IssuanceRequest, RequestIssuance, {"requested_by"}),
    (accounts_pb2.RedemptionRequest, RequestRedemption, {"requested_by"}),
    (participants_pb2.RevokeCertificatesRequest, RevokeCertificates, {"requested_by"}),
    (participants_pb2.CustomerRegistration, RegisterCustomer, {"requested_by"}),
    (participants_pb2.Customer, Customer, set()),
    (initiations_pb2.Instruction, Instruction, set()),
    (initiations_pb2.InitiationDecline, DeclineInitiation, {"requested_by"}),
]


@pytest.mark.parametrize(("message", "record", "known_here"), PAIRS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_message_has_every_field_of_its_record_but_what_the_gateway_knows(
    message: type[Message], record: type[msgspec.Struct], known_here: set[str]
) -> None:
    fields = {field.name for field in message.DESCRIPTOR.fields}
    assert fields == set(record.__struct_fields__) - known_here


def a_full_payment() -> SubmitPayment:
    plain = a_payment()
    return a_payment(
        service_level=("G001", "SDVA"),
        ultimate_debtor=TEKSTIL,
        initiating_party=TEKSTIL,
        instructed_amount="101.00",
        instructed_currency="CNY",
        charges=(Charge(amount="1.00", currency="CNY", agent=plain.creditor_agent),),
        intermediary_agents=(plain.debtor_agent,),
        instructions_for_creditor_agent=(AgentInstruction(code="HOLD", information="at the counter"),),
        regulatory_reporting=(
            RegulatoryReporting(
                indicator="BOTH", authority_country="CN", details=(ReportingDetail(code="121010", information=("A",)),)
            ),
        ),
        structured_remittance=(
            StructuredRemittance(documents=(ReferredDocument(type_code="CINV", number="7"),), additional=("x",)),
        ),
        debtor=msgspec.structs.replace(
            plain.debtor, organisation_ids=(OtherIdentification(identification="1", scheme="TXID"),)
        ),
        transaction_id="T",
        clearing_system_reference="C",
        instruction_priority="HIGH",
        local_instrument="L",
        category_purpose="SUPP",
        purpose="GDDS",
        exchange_rate="1.5",
    )


@pytest.mark.parametrize("payment", [a_payment(), a_full_payment()], ids=["plain", "full"])
def test_what_is_written_is_read_again(payment: SubmitPayment) -> None:
    message = payments_pb2.Payment.FromString(codec.write(payment, payments_pb2.Payment).SerializeToString())
    read = codec.read(message, SubmitPayment, payer=payment.payer, payee=payment.payee)
    assert read == payment


def test_what_is_wrong_deep_in_a_message_is_named_by_its_path() -> None:
    message = codec.write(a_full_payment(), payments_pb2.Payment)
    message.charges[0].ClearField("agent")
    with pytest.raises(Refusal) as raised:
        codec.read(message, SubmitPayment, payer="banksh", payee="bankist")
    assert (raised.value.code, raised.value.where) == ("CH21", "charges.0.agent")
