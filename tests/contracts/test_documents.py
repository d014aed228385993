"""Documents and certificates through signed lists: who issues, shows, gives on, compares and revokes them."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.auth.signing import Credential, sign_document
from settlement.errors import Code, Refusal
from settlement.forms.answers import Answer
from settlement.parties import Role
from settlement.trade import contract, document
from settlement.trade.document import (
    KINDS,
    DocumentHolder,
    DocumentKind,
    DocumentState,
    DocumentTerms,
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TradeDocument,
    TransferDocument,
    VerifyDocument,
)
from tests.builders import an_id
from tests.trade import (
    BODY,
    BUYER,
    SALT,
    SELLER,
    TRADER,
    a_document,
    a_signature,
    a_stranger,
    an_impostor,
    carried,
    held,
    in_effect,
    of_others,
    registered,
    some_terms,
)
from tests.world import NETWORK, World

EXCLUSIVE = sorted(kind for kind, rule in KINDS.items() if rule.is_exclusive)
SHARED = sorted(set(KINDS) - set(EXCLUSIVE))
BUYERS = DocumentHolder(participant="bankist", identifier=BUYER.identifier)
NONE = [Answer(Code.NOT_FOUND, "document_id")]


@pytest.fixture
def trade(world: World) -> World:
    """A network with a contract in effect."""
    in_effect(registered(world))
    return world


def an_issuance(world: World, terms: DocumentTerms, at: str = "customs", by: str = "customs-1") -> IssueDocument:
    return IssueDocument(command_id=an_id(), terms=terms, signature=a_signature(world, terms, at, by))


def issued(world: World, terms: DocumentTerms | None = None, *, at: str = "", by: str = "") -> TradeDocument:
    """Let customs issue a document to the seller, or the seller itself where customs does not."""
    terms = terms or a_document()
    if not at:
        is_customs = Role.CUSTOMS_OFFICER in KINDS[terms.kind].issuers
        at, by = ("customs", "customs-1") if is_customs else ("banksh", TRADER)
    world.must(at, an_issuance(world, terms, at, by), by=by)
    found = [each for _, each in world.records(TradeDocument) if each.terms == terms]
    return found[-1]


def test_a_document_stands_with_its_issuer_and_its_holder(trade: World) -> None:
    found = issued(trade)
    assert found == held(trade, TradeDocument, found.record_id, "customs")
    assert found == held(trade, TradeDocument, found.record_id, "banksh")
    assert (found.held_by, found.parties) == (("banksh", "customs"), (SELLER.identifier,))
    assert (found.issuer, found.signature.party, found.state) == ("customs", "", DocumentState.ISSUED)


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize(
    ("at", "by", "role"),
    [
        ("banksh", TRADER, Role.TRADER),
        ("customs", "carrier-1", Role.CARRIER),
        ("customs", "customs-1", Role.CUSTOMS_OFFICER),
    ],
)
def test_a_kind_is_issued_by_whom_its_row_lists(trade: World, kind: DocumentKind, at: str, by: str, role: Role) -> None:
    answer = Answer("") if role in KINDS[kind].issuers else Answer(Code.AG08, "terms.kind")
    assert trade.say(at, an_issuance(trade, a_document(kind), at, by), by=by) == [answer]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"number": ""}, Answer(Code.CH21, "terms.number")),
        ({"issuer": ""}, Answer(Code.CH21, "terms.issuer")),
        ({"commitment": "ab"}, Answer(Code.CH16, "terms.commitment")),
        ({"media_type": "PDF"}, Answer(Code.CH16, "terms.media_type")),
        ({"valid_until": ""}, Answer(Code.CH21, "terms.valid_until")),
        ({"valid_until": "2026-11-22"}, Answer(Code.CH16, "terms.valid_until")),
        ({"valid_until": "soon"}, Answer(Code.CH16, "terms.valid_until")),
        ({"kind": DocumentKind.OTHER}, Answer(Code.CH17, "terms.valid_until")),
        ({"hs_codes": ("5007", "080222")}, Answer(Code.CH16, "terms.hs_codes.0")),
        ({"hs_codes": ("080222",) * 51}, Answer(Code.CH17, "terms.hs_codes")),
        (
            {"holder": DocumentHolder(participant="banksh", identifier="X")},
            Answer(Code.BE15, "terms.holder.identifier"),
        ),
        ({"holder": DocumentHolder(participant="")}, Answer(Code.CH21, "terms.holder.participant")),
        ({"holder": DocumentHolder(participant="nobody")}, Answer(Code.NOT_FOUND, "terms.holder.participant")),
    ],
)
def test_terms_that_are_not_in_order_are_refused(trade: World, changed: dict[str, Any], answer: Answer) -> None:
    terms = a_document(**changed) if "kind" not in changed else replace(a_document(), **changed)
    assert trade.say("customs", an_issuance(trade, terms), by="customs-1") == [answer]


def test_a_number_is_used_once_by_an_issuer(trade: World) -> None:
    """For each kind; another organisation's or firm's is another document."""
    issued(trade)
    again = an_issuance(trade, a_document(hs_codes=()))
    assert trade.say("customs", again, by="customs-2") == [Answer(Code.DS0H, "signature")]
    second = an_issuance(trade, a_document(hs_codes=()), by="customs-2")
    assert trade.say("customs", second, by="customs-2") == [Answer(Code.ALREADY_EXISTS, "terms.number")]
    own = an_issuance(trade, a_document(), "banksh", TRADER)
    assert trade.say("banksh", own, by=TRADER) == [Answer("")]


def test_a_document_shown_in_a_trade_belongs_to_it(trade: World) -> None:
    """Both parties' banks hold it from then on, and both parties see it."""
    found = issued(trade)
    name = contract.contract_id(some_terms())
    show = PresentDocument(command_id=an_id(), document_id=found.record_id, contract_id=name)
    assert trade.say("bankist", show, by=TRADER) == NONE
    trade.must("banksh", show, by=TRADER)
    after = held(trade, TradeDocument, found.record_id, "bankist")
    assert (after.trade, after.held_by) == (name, ("bankist", "banksh", "customs"))
    assert BUYER.identifier in after.parties
    again = replace(show, command_id=an_id())
    assert trade.say("bankist", again, by=TRADER) == [Answer(Code.AG08, "document_id")]


def test_a_document_is_shown_in_ones_own_trade_alone(trade: World) -> None:
    """Not under a contract of another firm, though the same bank holds it."""
    found = issued(trade)
    show = PresentDocument(command_id=an_id(), document_id=found.record_id, contract_id=of_others(trade))
    absent = replace(show, command_id=an_id(), contract_id="f" * 32)
    assert trade.say("banksh", show, absent, by=TRADER) == [Answer(Code.NOT_FOUND, "contract_id")] * 2


def test_a_document_belongs_to_one_trade(trade: World) -> None:
    found = issued(trade)
    second = some_terms("C-2")
    in_effect(trade, second)
    first, other = (
        PresentDocument(command_id=an_id(), document_id=found.record_id, contract_id=contract.contract_id(terms))
        for terms in (some_terms(), second)
    )
    answers = trade.say("banksh", first, other, by=TRADER)
    assert answers == [Answer(""), Answer(Code.ALREADY_EXISTS, "contract_id")]


@pytest.mark.parametrize(
    ("to", "contract_id", "answer"),
    [
        ("", "", Answer(Code.CH21, "to")),
        ("customs", "f" * 32, Answer(Code.CH17, "to")),
        ("", "f" * 32, Answer(Code.NOT_FOUND, "contract_id")),
        ("nobody", "", Answer(Code.NOT_FOUND, "to")),
    ],
)
def test_a_document_is_shown_to_one_or_in_a_trade(trade: World, to: str, contract_id: str, answer: Answer) -> None:
    name = issued(trade).record_id
    show = PresentDocument(command_id=an_id(), document_id=name, to=to, contract_id=contract_id)
    assert trade.say("banksh", show, by=TRADER) == [answer]


@pytest.mark.parametrize("kind", SHARED)
def test_what_has_no_one_original_is_not_given_on(trade: World, kind: DocumentKind) -> None:
    give = TransferDocument(command_id=an_id(), document_id=issued(trade, a_document(kind)).record_id, holder=BUYERS)
    assert trade.say("banksh", give, by=TRADER) == [Answer(Code.CH17, "holder")]


@pytest.mark.parametrize("kind", EXCLUSIVE)
def test_the_one_original_has_one_holder(trade: World, kind: DocumentKind) -> None:
    """Who has given it on can neither show it nor give it on again; who has it now can."""
    name = issued(trade, a_document(kind)).record_id
    give = TransferDocument(command_id=an_id(), document_id=name, holder=BUYERS)
    trade.must("banksh", give, by=TRADER)
    no = [Answer(Code.AG08, "document_id")]
    assert trade.say("banksh", replace(give, command_id=an_id()), by=TRADER) == no
    show = PresentDocument(command_id=an_id(), document_id=name, to="bankfra")
    assert trade.say("banksh", show, by=TRADER) == no
    trade.must("bankist", show, by=TRADER)
    to_customs = TransferDocument(command_id=an_id(), document_id=name, holder=DocumentHolder(participant="customs"))
    trade.must("bankist", to_customs, by=TRADER)
    copies = {bank: held(trade, TradeDocument, name, bank) for bank in ("banksh", "bankist", "bankfra", "customs")}
    assert len({each.holder.name for each in copies.values()}) == 1
    assert copies["bankfra"].holder == DocumentHolder(participant="customs")


def test_two_transfers_of_one_original_do_not_both_happen(trade: World) -> None:
    """Endorsed on the same state, one of two batches is valid."""
    name = issued(trade, a_document(DocumentKind.INSURANCE)).record_id
    to = [BUYERS, DocumentHolder(participant="bankfra")]
    both = [
        trade.endorse(
            trade.sign(
                "banksh",
                trade.signed("banksh", TRADER, TransferDocument(command_id=an_id(), document_id=name, holder=each)),
            )
        )
        for each in to
    ]
    assert sorted(batch.validity.name for batch in trade.commit(*both)) == ["MVCC_READ_CONFLICT", "VALID"]


def test_a_body_is_compared_by_whoever_holds_the_document(trade: World) -> None:
    """With the right body and salt alone; it is told who did it."""
    name = issued(trade).record_id
    right = VerifyDocument(command_id=an_id(), document_id=name, commitment=document.commitment(SALT, BODY))
    for wrong in (document.commitment(SALT, BODY + b" "), document.commitment(SALT[::-1], BODY), ""):
        other = replace(right, command_id=an_id(), commitment=wrong)
        assert trade.say("banksh", other, by="officer-1") == [Answer(Code.NOT_THE_DOCUMENT, "commitment")]
    trade.must("banksh", right, by="officer-1")
    act = held(trade, TradeDocument, name).act
    assert (act.event, act.participant, act.signer, act.role) == ("VERIFIED", "banksh", "officer-1", Role.BANK_OFFICER)
    with pytest.raises(Refusal):
        document.commitment(b"short", BODY)


def test_its_issuer_alone_revokes_it(trade: World) -> None:
    """Any officer of customs may, for customs issued it; after that nothing more happens to it."""
    name = issued(trade).record_id
    revoke = RevokeDocument(command_id=an_id(), document_id=name, reason="Wrong consignee")
    assert trade.say("banksh", revoke, by=TRADER) == [Answer(Code.AG08, "document_id")]
    trade.must("customs", replace(revoke, command_id=an_id()), by="customs-2")
    assert held(trade, TradeDocument, name).state is DocumentState.REVOKED
    refused = [Answer(Code.MOVE_NOT_ALLOWED, "document.REVOKED")]
    assert trade.say("customs", replace(revoke, command_id=an_id()), by="customs-1") == refused
    show = PresentDocument(command_id=an_id(), document_id=name, to="bankfra")
    assert trade.say("banksh", show, by=TRADER) == refused


def test_a_certificate_lapses_after_its_last_date(trade: World) -> None:
    name = issued(trade, a_document(valid_until=a_document().issued_on)).record_id
    show = PresentDocument(command_id=an_id(), document_id=name, to="bankfra")
    assert trade.say("banksh", show, by=TRADER) == [Answer("")]
    trade.clock.now_ms += 24 * 3600 * 1000
    assert trade.say("banksh", show, by=TRADER) == [Answer(Code.LAPSED, "document_id")]


def test_a_stranger_is_told_that_there_is_none(trade: World) -> None:
    """Another customer of the holder's bank, whatever it asks."""
    name = issued(trade).record_id
    neighbour: Credential = a_stranger(trade, "banksh")
    asked = [
        PresentDocument(command_id=an_id(), document_id=name, to="customs"),
        VerifyDocument(command_id=an_id(), document_id=name, commitment=document.commitment(SALT, BODY)),
        RevokeDocument(command_id=an_id(), document_id=name, reason="no"),
        TransferDocument(command_id=an_id(), document_id=name, holder=BUYERS),
    ]
    assert carried(trade, "banksh", neighbour, *asked) == NONE * 4


def test_a_signature_on_another_document_is_none(trade: World) -> None:
    terms = a_document()
    officer = trade.person("customs", "customs-1")
    for signature in (
        sign_document(NETWORK, replace(terms, number="B"), officer),
        sign_document("elsewhere", terms, officer),
        a_signature(trade, terms, "customs", "customs-2"),
        "",
    ):
        wrong = IssueDocument(command_id=an_id(), terms=terms, signature=signature)
        assert trade.say("customs", wrong, by="customs-1") == [Answer(Code.DS0H, "signature")]


def test_no_bank_revokes_for_the_customer_of_another(trade: World) -> None:
    """A bank to which a firm's document was shown can certify anybody under that firm's number."""
    insured = issued(trade, a_document(DocumentKind.INSURANCE, holder=BUYERS), at="banksh", by=TRADER)
    revoke = RevokeDocument(command_id=an_id(), document_id=insured.record_id, reason="Wrong consignee")
    impostor = an_impostor(trade, "bankist")
    assert carried(trade, "bankist", impostor, revoke) == [Answer(Code.NOT_FOUND, "document_id")]
