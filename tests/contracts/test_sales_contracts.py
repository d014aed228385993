"""Contracts of sale through signed lists: proposed by one party, signed by both, held by both banks and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.auth.signing import sign_document
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import (
    AmendContract,
    ConfirmPerformance,
    ContractState,
    SalesContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
)
from settlement.trade.contract_terms import ContractTerms
from tests.builders import an_id
from tests.certificates import serial_of
from tests.contracts.samples import revoke
from tests.contracts.test_payments import changes
from tests.trade import (
    BUYER,
    SELLER,
    TRADER,
    a_proposal,
    a_signature,
    a_signing,
    a_stranger,
    an_impostor,
    carried,
    held,
    in_effect,
    registered,
    some_terms,
)
from tests.world import NETWORK, NOW, World

TERMS = some_terms()
ID = contract.contract_id(TERMS)


@pytest.fixture
def market(world: World) -> World:
    """A network in which both banks know their customers."""
    return registered(world)


def test_a_contract_stands_with_both_banks_alone(market: World) -> None:
    """The two copies are one record, and no third organisation has anything of it."""
    before = market.state()
    market.must("banksh", a_proposal(), by=TRADER)
    written = changes(before, market.state())
    assert {place for place in written if place[1] == "contract"} == {("banksh", "contract"), ("bankist", "contract")}
    assert {collection for collection, _ in written} == {"banksh", "bankist"}
    copies = [held(market, SalesContract, ID, bank) for bank in ("banksh", "bankist")]
    assert copies[0] == copies[1]
    assert (copies[0].state, copies[0].parties) == (ContractState.DRAFT, (SELLER.identifier, BUYER.identifier))


def test_two_signatures_put_it_in_effect(market: World) -> None:
    """Each act tells who did it, for whom, with which certificate, and when."""
    found = in_effect(market, TERMS)
    assert (found.state, found.revision) == (ContractState.EFFECTIVE, 3)
    buyer = market.person("bankist", TRADER)
    assert (found.act.event, found.act.party, found.act.participant) == ("AGREED", BUYER.identifier, "bankist")
    assert (found.act.serial, found.act.at_ms) == (serial_of(buyer), market.clock.now_ms)
    assert [each.party for each in found.signatures] == [SELLER.identifier, BUYER.identifier]
    assert found == held(market, SalesContract, ID, "bankist")


def test_acts_of_one_batch_are_all_told(market: World) -> None:
    """Two lists in one transaction write one version, which tells both acts."""
    market.must("banksh", a_proposal(), by=TRADER)
    lists = [
        market.sign(bank, market.signed(bank, TRADER, a_signing(market, TERMS, bank))) for bank in ("banksh", "bankist")
    ]
    assert market.carry(*lists).codes == [[""], [""]]
    found = held(market, SalesContract, ID)
    assert [act.event for act in found.acts] == ["SIGNED", "AGREED"]
    assert (found.state, found.revision) == (ContractState.EFFECTIVE, 3)


def test_only_a_party_through_its_own_bank_proposes(market: World) -> None:
    stranger = some_terms(seller=replace(SELLER, identifier="5493001KJTIIGC8Y1R12"))
    assert market.say("banksh", a_proposal(stranger), by=TRADER) == [Answer(Code.AG08, "terms")]
    elsewhere = some_terms(seller=replace(SELLER, bank="bankfra"))
    assert market.say("banksh", a_proposal(elsewhere), by=TRADER) == [Answer(Code.AG08, "terms")]


def test_a_trader_acts_for_a_registered_firm_alone(world: World) -> None:
    """Before its bank has registered the firm, or without a firm in the certificate, nobody acts for it."""
    assert world.say("banksh", a_proposal(), by=TRADER) == [Answer(Code.AG08, "party")]
    registered(world)
    nobody = world.members["banksh"].ca.issue("somebody", Role.TRADER, now=NOW).credential
    assert carried(world, "banksh", nobody, a_proposal()) == [Answer(Code.AG08, "party")]
    assert world.say("banksh", a_proposal(), by=TRADER) == [Answer("")]


def test_a_number_is_the_two_parties_own(market: World) -> None:
    """The same parties use a number once; the same number of another buyer is another contract."""
    market.must("banksh", a_proposal(), by=TRADER)
    assert market.say("bankist", a_proposal(), by=TRADER) == [Answer(Code.ALREADY_EXISTS, "terms.number")]
    other = some_terms(buyer=replace(BUYER, identifier="5493001KJTIIGC8Y1R12"))
    assert market.say("banksh", a_proposal(other), by=TRADER) == [Answer("")]


def test_a_bank_that_is_none_holds_nothing(market: World) -> None:
    for bank in ("customs", "nobody"):
        terms = some_terms(buyer=replace(BUYER, bank=bank))
        assert market.say("banksh", a_proposal(terms), by=TRADER) == [Answer(Code.NOT_FOUND, "terms")]


def test_one_party_does_not_count_as_two(market: World) -> None:
    """Neither the same certificate again, nor a colleague of the same firm."""
    market.must("banksh", a_proposal(), a_signing(market, TERMS, "banksh"), by=TRADER)
    again = Answer(Code.SAME_SIGNER, "signature")
    assert market.say("banksh", a_signing(market, TERMS, "banksh"), by=TRADER) == [again]
    ca = market.members["banksh"].ca
    colleague = ca.issue("trader-2", Role.TRADER, party=SELLER.identifier, now=NOW).credential
    signing = replace(a_signing(market, TERMS, "banksh"), signature=sign_document(NETWORK, TERMS, colleague))
    assert carried(market, "banksh", colleague, signing) == [again]


def test_a_stranger_is_told_that_there_is_none(market: World) -> None:
    """Another customer of the same bank, and a trader of another bank, get what they would get for any other name."""
    market.must("banksh", a_proposal(), by=TRADER)
    signing = a_signing(market, TERMS, "banksh")
    none = Answer(Code.NOT_FOUND, "contract_id")
    neighbour = a_stranger(market, "banksh")
    assert carried(market, "banksh", neighbour, signing) == [none]
    outsider = a_stranger(market)
    assert carried(market, "bankfra", outsider, signing) == [none]
    assert carried(market, "bankfra", outsider, replace(signing, contract_id="f" * 32)) == [none]


def test_no_bank_signs_for_the_customer_of_the_other(market: World) -> None:
    """It holds the contract, and can certify anybody under the other side's number: nobody whom this convinces."""
    market.must("banksh", a_proposal(), a_signing(market, TERMS, "banksh"), by=TRADER)
    impostor = an_impostor(market, "banksh")
    signing = replace(a_signing(market, TERMS, "banksh"), signature=sign_document(NETWORK, TERMS, impostor))
    withdrawal = WithdrawProposal(command_id=an_id(), contract_id=ID, reason="Not agreed")
    assert carried(market, "banksh", impostor, signing, withdrawal) == [Answer(Code.NOT_FOUND, "contract_id")] * 2


WRONG: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "truncated": lambda jws: jws[:-4],
    "longer": lambda jws: jws + "AAAA",
    "padded": lambda jws: jws + "==",
    "another header": lambda jws: "eyJhbGciOiJub25lIn0" + jws[jws.index("..") :],
    "no header": lambda jws: jws[jws.index("..") :],
    "with its payload": lambda jws: jws.replace("..", ".e30."),
    "another byte": lambda jws: jws[:-6] + ("A" if jws[-6] != "A" else "B") + jws[-5:],
    "of zeros": lambda jws: jws[: jws.index("..") + 2] + "A" * 86,
    "very long": lambda jws: jws + "A" * 100_000,
    "not text of its kind": lambda jws: jws[:-3] + "é!!",
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_signature_that_is_not_exactly_one_is_refused(market: World, kind: str) -> None:
    """And changes nothing."""
    market.must("banksh", a_proposal(), by=TRADER)
    before = held(market, SalesContract, ID)
    signing = a_signing(market, TERMS, "banksh")
    wrong = replace(signing, signature=WRONG[kind](signing.signature))
    batch = market.ask("banksh", wrong, by=TRADER)
    assert batch.answers == ((Answer(Code.DS0H, "signature"),),)
    assert held(market, SalesContract, ID) == before


def test_a_signature_counts_for_one_document_network_and_signer(market: World) -> None:
    """On changed terms, for another network, or brought by somebody else, it is none."""
    market.must("banksh", a_proposal(), by=TRADER)
    mine, no = a_signing(market, TERMS, "banksh"), [Answer(Code.DS0H, "signature")]
    changed = replace(mine, signature=a_signature(market, some_terms(amount="100000.01"), "banksh"))
    assert market.say("banksh", changed, by=TRADER) == no
    foreign = sign_document("elsewhere", TERMS, market.person("banksh", TRADER))
    assert market.say("banksh", replace(mine, signature=foreign), by=TRADER) == no
    assert market.say("bankist", mine, by=TRADER) == no


def test_a_certificate_must_count_when_the_signature_arrives(market: World) -> None:
    """Expired or revoked at the transaction's time, it does not, whenever the document was signed."""
    market.must("banksh", a_proposal(), by=TRADER)
    signing = a_signing(market, TERMS, "banksh")
    ca = market.members["banksh"].ca
    short = ca.issue(
        "short", Role.TRADER, party=SELLER.identifier, now=NOW - timedelta(days=2), validity=timedelta(days=1)
    ).credential
    expired = SignContract(command_id=an_id(), contract_id=ID, signature=sign_document(NETWORK, TERMS, short))
    no = [Answer(Code.DS0H, "certificate")]
    assert carried(market, "banksh", short, expired) == no
    market.must("banksh", revoke(serial_of(market.person("banksh", TRADER))))
    assert market.say("banksh", signing, by=TRADER) == no


def second(found: SalesContract, **changed: Any) -> ContractTerms:
    """Draft the next version."""
    return replace(found.terms, **{"version": found.terms.version + 1, "tolerance_pct": 10, **changed})


def test_an_amendment_takes_effect_when_both_have_signed_it(market: World) -> None:
    """Until then the version before stands; afterwards the new one, with its own two signatures."""
    found = in_effect(market)
    terms = second(found)
    market.must("bankist", AmendContract(command_id=an_id(), terms=terms), by=TRADER)
    market.must("banksh", a_signing(market, terms, "banksh"), by=TRADER)
    between = held(market, SalesContract, ID)
    assert (between.state, between.terms, len(between.signatures)) == (ContractState.AMENDING, found.terms, 2)
    market.must("bankist", a_signing(market, terms, "bankist"), by=TRADER)
    after = held(market, SalesContract, ID)
    assert (after.state, after.terms, after.amendment) == (ContractState.EFFECTIVE, terms, None)
    assert [each.party for each in after.signatures] == [SELLER.identifier, BUYER.identifier]
    assert (after.amendment_signatures, after.revision) == ((), 6)


def test_a_signature_on_the_version_before_does_not_count_for_the_next(market: World) -> None:
    found = in_effect(market)
    market.must("bankist", AmendContract(command_id=an_id(), terms=second(found)), by=TRADER)
    again = a_signing(market, found.terms, "banksh")
    assert market.say("banksh", again, by=TRADER) == [Answer(Code.DS0H, "signature")]


def test_an_amendment_that_is_withdrawn_leaves_the_contract_as_it_was(market: World) -> None:
    """Also by the party that did not propose it, and with what was signed of it."""
    found = in_effect(market)
    terms = second(found)
    market.must("bankist", AmendContract(command_id=an_id(), terms=terms), by=TRADER)
    market.must("bankist", a_signing(market, terms, "bankist"), by=TRADER)
    market.must("banksh", WithdrawProposal(command_id=an_id(), contract_id=ID, reason="No"), by=TRADER)
    after = held(market, SalesContract, ID)
    assert (after.terms, after.signatures, after.amendment_signatures) == (found.terms, found.signatures, ())
    assert (after.state, after.act.event, after.act.reason) == (ContractState.EFFECTIVE, "WITHDRAWN", "No")


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"version": 1}, Answer(Code.CH16, "terms.version")),
        ({"version": 3}, Answer(Code.CH16, "terms.version")),
        ({"currency": "EUR"}, Answer(Code.CH16, "terms.currency")),
        ({"number": "ANOTHER"}, Answer(Code.NOT_FOUND, "contract_id")),
        ({"buyer": replace(BUYER, bank="bankfra")}, Answer(Code.NOT_FOUND, "contract_id")),
    ],
)
def test_an_amendment_is_the_next_version_of_the_same_contract(
    market: World, changed: dict[str, Any], answer: Answer
) -> None:
    terms = second(in_effect(market), **changed)
    assert market.say("banksh", AmendContract(command_id=an_id(), terms=terms), by=TRADER) == [answer]


def test_a_contract_is_performed_when_both_say_so(market: World) -> None:
    in_effect(market)
    confirm = {bank: ConfirmPerformance(command_id=an_id(), contract_id=ID) for bank in ("banksh", "bankist")}
    market.must("banksh", confirm["banksh"], by=TRADER)
    again = replace(confirm["banksh"], command_id=an_id())
    assert market.say("banksh", again, by=TRADER) == [Answer(Code.SAME_SIGNER, "contract_id")]
    assert held(market, SalesContract, ID).state is ContractState.EFFECTIVE
    market.must("bankist", confirm["bankist"], by=TRADER)
    assert held(market, SalesContract, ID).state is ContractState.PERFORMED


def test_what_was_confirmed_of_the_version_before_is_confirmed_anew(market: World) -> None:
    """Whoever has said that the first terms were performed has said nothing of the next."""
    found = in_effect(market)
    confirm = {bank: ConfirmPerformance(command_id=an_id(), contract_id=ID) for bank in ("banksh", "bankist")}
    market.must("banksh", confirm["banksh"], by=TRADER)
    terms = second(found)
    market.must("bankist", AmendContract(command_id=an_id(), terms=terms), by=TRADER)
    for bank in confirm:
        market.must(bank, a_signing(market, terms, bank), by=TRADER)
    market.must("bankist", confirm["bankist"], by=TRADER)
    assert held(market, SalesContract, ID).state is ContractState.EFFECTIVE
    market.must("banksh", replace(confirm["banksh"], command_id=an_id()), by=TRADER)
    assert held(market, SalesContract, ID).state is ContractState.PERFORMED


def test_notice_ends_a_contract_with_its_reason(market: World) -> None:
    in_effect(market)
    notice = TerminateContract(command_id=an_id(), contract_id=ID, reason="No goods by the date agreed")
    market.must("bankist", notice, by=TRADER)
    after = held(market, SalesContract, ID)
    assert (after.state, after.act.reason) == (ContractState.TERMINATED, "No goods by the date agreed")
    empty = replace(notice, command_id=an_id(), reason="")
    assert market.say("bankist", empty, by=TRADER) == [Answer(Code.CH21, "reason")]


@pytest.mark.parametrize("how", ["performed", "terminated", "withdrawn"])
def test_a_contract_that_has_ended_is_moved_no_more(market: World, how: str) -> None:
    """Whatever either party asks is refused, and changes nothing."""
    if how == "withdrawn":
        market.must("banksh", a_proposal(), by=TRADER)
        ends: list[tuple[str, Command]] = [
            ("bankist", WithdrawProposal(command_id=an_id(), contract_id=ID, reason="No"))
        ]
    else:
        in_effect(market)
        notice = TerminateContract(command_id=an_id(), contract_id=ID, reason="No goods")
        confirmed = [(bank, ConfirmPerformance(command_id=an_id(), contract_id=ID)) for bank in ("banksh", "bankist")]
        ends = [("banksh", notice)] if how == "terminated" else list(confirmed)
    for bank, command in ends:
        market.must(bank, command, by=TRADER)
    before = held(market, SalesContract, ID)
    for bank in ("banksh", "bankist"):
        asked: list[Command] = [
            a_signing(market, TERMS, bank),
            AmendContract(command_id=an_id(), terms=second(before)),
            WithdrawProposal(command_id=an_id(), contract_id=ID, reason="No"),
            ConfirmPerformance(command_id=an_id(), contract_id=ID),
            TerminateContract(command_id=an_id(), contract_id=ID, reason="No goods"),
            a_proposal(),
        ]
        codes = market.ask(bank, *asked, by=TRADER).codes[0]
        assert set(codes) <= {Code.MOVE_NOT_ALLOWED, Code.SAME_SIGNER, Code.ALREADY_EXISTS}
        assert codes[1:3] == [Code.MOVE_NOT_ALLOWED] * 2
    assert held(market, SalesContract, ID) == before


def test_what_has_lapsed_is_signed_no_more(market: World) -> None:
    """From the day after its last date, whether anybody has said so or not."""
    terms = some_terms(latest_shipment_on=TERMS.agreed_on, expires_on=TERMS.agreed_on)
    market.must("banksh", a_proposal(terms), by=TRADER)
    signing = a_signing(market, terms, "banksh")
    assert market.say("banksh", signing, by=TRADER) == [Answer("")]
    market.clock.now_ms += 24 * 3600 * 1000
    assert market.say("banksh", signing, by=TRADER) == [Answer(Code.LAPSED, "contract_id")]
