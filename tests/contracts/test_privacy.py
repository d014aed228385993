"""What is whose: canaries and hashed names are found nowhere outside the collections of their parties (P1, P2)."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from chaincode import keys
from chaincode.embedded import blocks
from chaincode.embedded.blocks import Validity
from chaincode.port import Place
from gateway.development.customers import TRADERS
from settlement.customs.declaration import HoldGoods
from settlement.customs.handling import declaration_id
from settlement.errors import Code, Refusal
from settlement.financing import DrawFinancing, Subject, VerifyFinancing, financing_id
from settlement.forms import records
from settlement.forms.journals import Journal
from settlement.forms.records import SALT_BYTES
from settlement.parties import CashAccount, Party
from settlement.payments.commands import WhenUnfunded
from settlement.payments.documents import Kind as DocumentKind
from settlement.payments.initiation import initiation_id
from settlement.payments.terms import Evidence
from settlement.trade.contract import contract_id
from settlement.trade.document import Holder, IssueDocument
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, invoice_id
from tests.builders import (
    SILK,
    TEKSTIL,
    a_conditional_payment,
    a_confirmation,
    a_decline,
    a_payment,
    a_return,
    an_application,
    an_id,
    an_initiation,
    an_instruction,
    an_issuance_request,
)
from tests.certificates import serial_of
from tests.contracts.samples import LEI, decline_issuance, register
from tests.contracts.test_accounts import burn
from tests.customs_samples import HAZELNUTS, declared
from tests.customs_world import assessed, working
from tests.evidence import reports
from tests.lading import BANKIST, a_text
from tests.shipping import Shipping
from tests.trade import (
    SCARVES,
    TRADER,
    a_document,
    a_signature,
    an_invoice,
    an_issue,
    in_effect,
    registered,
    some_terms,
)
from tests.world import World

MEMBERS_ONLY = ("banksh", "bankist", "bankfra", "clearing", "regulator", "customs", keys.AUTHORITY)


class Canary(NamedTuple):
    """A text or an amount that was planted, and the collections that may hold it."""

    text: str
    collections: frozenset[str]


def planted(*collections: str, text: str) -> Canary:
    return Canary(text, frozenset(collections))


PARTIES = ("banksh", "bankist")
CANARIES = (
    planted(*PARTIES, text="CANARY DEBTOR"),
    planted(*PARTIES, text="CANARY CREDITOR"),
    planted(*PARTIES, text="CANARY STREET"),
    planted(*PARTIES, text="CANARYTOWN"),
    planted(*PARTIES, text="CANARY REMITTANCE"),
    planted(*PARTIES, text="CANARY-E2E"),
    planted(*PARTIES, text="CANARY-MSG"),
    planted(*PARTIES, text="CANARYACCOUNT1"),
    planted(*PARTIES, text="TR330006100519786457841326"),
    planted(*PARTIES, text="31415.92"),
    planted(*PARTIES, text="3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f"),
    planted(*PARTIES, text="CANARY-RETURN"),
    planted(*PARTIES, text="271.82"),
    planted(*PARTIES, text="CANARY STATEMENT"),
    planted("banksh", text="CANARY REJECTED"),
    planted("banksh", text="7777777.77"),
    planted("banksh", text="CANARY CUSTOMER"),
    planted("banksh", text=LEI),
    planted("banksh", text="6222CANARY0001"),
    planted("banksh", text="CANARY-FUNDING"),
    planted("banksh", text="CANARY-ISSUANCE"),
    planted("banksh", "clearing", text="CANARY DECLINED"),
    planted("banksh", text="CANARY INITIATED"),
    planted("banksh", text="161803.39"),
    planted("banksh", text="CANARY-INITIATION"),
    planted("banksh", text="CANARY NO"),
    planted(*PARTIES, text="CANARY-CONTRACT"),
    planted(*PARTIES, text="CANARY GOODS"),
    planted(*PARTIES, text="1414213.56"),
    planted("customs", *PARTIES, text="CANARY-BL"),
    planted("customs", *PARTIES, text="CANARY CARGO"),
    planted("customs", *PARTIES, text="CANARY PLEDGE"),
    planted(*PARTIES, text="CANARY-INVOICE"),
    planted(*PARTIES, text="CANARY DISPUTE"),
    planted("customs", text="CANARY-DOCUMENT"),
    planted(*PARTIES, text="CANARY CONDITIONAL"),
    planted(*PARTIES, text="57721.56"),
    planted(keys.AUTHORITY, *PARTIES, text="CANARY AWAITED"),
    planted("banksh", text="CANARY-LOAN"),
    planted("banksh", text="69314.71"),
    planted("banksh", text="CANARY BOOKING"),
    planted("banksh", "customs", text="CANARY NUTS"),
    planted("banksh", "customs", text="CANARY EXPORTER"),
    planted("banksh", "customs", text="CANARY-WAYBILL"),
    planted("banksh", "customs", text="2236067.97"),
    planted(text="CANARY REFUSED"),
    planted(text="8888888.88"),
)
"""Amounts stand in canonical text in commands; balances and what they were are looked for in `BALANCES`."""
UETR = "3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f"


def trade(world: World) -> None:
    """A contract with canaries in it, signed by both parties."""
    goods = replace(SCARVES, description="CANARY GOODS", quantity="1", unit_price="1414213.56", amount="1414213.56")
    terms = some_terms("CANARY-CONTRACT", lines=(goods,), amount=goods.amount)
    in_effect(registered(world), terms)
    bill = an_invoice("CANARY-INVOICE", contract_id=contract_id(terms), amount=goods.amount, lines=(goods,))
    world.must("banksh", an_issue(world, bill), by=TRADER)
    dispute = DisputeInvoice(command_id=an_id(), invoice_id=invoice_id(bill), reason="CANARY DISPUTE")
    world.must("bankist", dispute, by=TRADER)
    world.must("bankist", AcceptInvoice(command_id=an_id(), invoice_id=invoice_id(bill)), by=TRADER)
    paper = a_document(number="CANARY-DOCUMENT", holder=Holder(participant="customs"))
    signature = a_signature(world, paper, "customs", "customs-1")
    world.must("customs", IssueDocument(command_id=an_id(), terms=paper, signature=signature), by="customs-1")


def shipment(world: World) -> None:
    """A bill of lading with canaries in it, in the hands of its second holder."""
    made = Shipping(world, a_text(transportDocumentReference="CANARY-BL", carrierClauses=["CANARY CARGO"])).issued()
    made.silk(made.transfer(BANKIST, "CANARY PLEDGE"))


def customs(world: World) -> None:
    """A declaration with canaries in it, taxed and held."""
    goods = replace(HAZELNUTS, description="CANARY NUTS", value="2236067.97")
    content = declared(lines=(goods,), counterparty="CANARY EXPORTER", transport_document="CANARY-WAYBILL")
    assessed(working(world), content)
    hold = HoldGoods(command_id=an_id(), declaration_id=declaration_id(content.number), reason="Random check")
    world.must("regulator", hold, by="supervisor-1")


def lending(world: World) -> None:
    """A conditional payment, one whose credit waits for a document, and a loan on the invoice."""
    conditional = a_conditional_payment("57721.56", remittance="CANARY CONDITIONAL")
    awaiting = a_payment(
        "3.00",
        debtor=TRADERS["banksh"].party,
        creditor=TRADERS["bankist"].party,
        creditor_account=TRADERS["bankist"].account,
        remittance="CANARY AWAITED",
        evidence=Evidence(bill_of_lading="0" * 32, credit_waits=True),
        regulatory_reporting=reports(),
    )
    world.must("banksh", conditional, awaiting)
    bill = invoice_id(an_invoice("CANARY-INVOICE", contract_id=contract_id(some_terms("CANARY-CONTRACT"))))
    loan = an_application("69314.71", Subject(kind=DocumentKind.INVOICE, record_id=bill), number="CANARY-LOAN")
    world.must("banksh", loan, by=TRADER)
    name = financing_id("banksh", TRADERS["banksh"].customer.identifier, "CANARY-LOAN")
    draw = DrawFinancing(command_id=an_id(), financing_id=name, reference="CANARY BOOKING")
    world.must("banksh", VerifyFinancing(command_id=an_id(), financing_id=name), draw)


def live(world: World) -> None:
    """A day with a canary in every field that could carry one."""
    address = replace(SILK.address, street_name="CANARY STREET", town_name="CANARYTOWN") if SILK.address else None
    payment = a_payment(
        "31415.92",
        uetr=UETR,
        debtor=Party(name="CANARY DEBTOR", address=address),
        creditor=replace(TEKSTIL, name="CANARY CREDITOR"),
        remittance="CANARY REMITTANCE",
        end_to_end_id="CANARY-E2E",
        message_id="CANARY-MSG",
        debtor_account=CashAccount(other="CANARYACCOUNT1"),
    )
    journal = world.must("banksh", payment, register(name="CANARY CUSTOMER")).tx_id
    customer = register(name="CANARY CUSTOMER")
    world.must("banksh", replace(customer, customer=replace(customer.customer, accounts=("6222CANARY0001",))))
    world.must("bankist", a_confirmation(payment, journal, additional=("CANARY STATEMENT",)))
    world.must("bankist", a_return(payment, journal, "271.82", return_id="CANARY-RETURN"))
    asked_for = an_instruction(
        "161803.39", remittance="CANARY INITIATED", debtor_account=CashAccount(other="6222CANARY0001")
    )
    world.must("banksh", an_initiation(asked_for, message_id="CANARY-INITIATION"))
    world.must("banksh", a_decline(initiation_id(LEI, "CANARY-INITIATION", 0), text="CANARY NO"))
    world.must("bankfra", register(identifier="91350100M000100Y43", name="Main Tools GmbH"))
    rejected = a_payment("7777777.77", when_unfunded=WhenUnfunded.REJECT, remittance="CANARY REJECTED")
    refused = a_payment("8888888.88", remittance="CANARY REFUSED")
    assert world.ask("banksh", rejected, refused).codes == [[Code.AM04, Code.UNFUNDED]]
    asked = replace(an_issuance_request("5.00", issuance_id="CANARY-ISSUANCE"), funding_reference="CANARY-FUNDING")
    world.must("banksh", asked)
    world.must("clearing", replace(decline_issuance("CANARY-ISSUANCE"), reason="CANARY DECLINED"), by="officer-1")
    burn(world, "9.00")
    trade(world)
    customs(world)
    shipment(world)
    lending(world)


def readable(world: World) -> Iterator[tuple[str, bytes]]:
    """Give every private value ever written: its collection, and its bytes with journals uncompressed."""
    for number in range(world.ledger.height):
        feed = world.ledger.feed(number, lambda _: True)
        assert feed is not None
        for write in feed.private:
            value = write.value or b""
            record = records.decode(value, private=True)
            if isinstance(record, Journal):
                value += b"".join(bytes(entry.command) for entry in record.entries)
                value += json.dumps([entry.code for entry in record.entries]).encode()
            yield write.collection, value


def test_every_canary_sings_where_it_belongs_and_nowhere_else(world: World) -> None:
    """In each of its parties' collections, in no other, and not in one block's public part.

    An issuance's and a redemption's references stand with the officers' commands in clearing's collection too.
    """
    live(world)
    bodies = [body for body, _ in world.blocks()]
    private = list(readable(world))
    for canary in CANARIES:
        text = canary.text.encode()
        assert not any(text in body for body in bodies), canary.text
        found = {collection for collection, value in private if text in value}
        if canary.text == "CANARY-ISSUANCE":
            assert found == {"banksh", "clearing"}
        else:
            assert found == canary.collections, canary.text


def test_an_outsider_gets_nothing_but_its_own(world: World) -> None:
    """A bank's feed holds its own collection's values and no others; of the rest it sees hashes."""
    live(world)
    for name in ("bankfra", "customs"):
        for number in range(world.ledger.height):
            feed = world.ledger.feed(number, name.__eq__)
            assert feed is not None
            assert {write.collection for write in feed.private} <= {name}
            dump = feed.body + b"".join(write.value or b"" for write in feed.private)
            others = [canary for canary in CANARIES if name not in canary.collections]
            assert not any(canary.text.encode() in dump for canary in others)


def natural_ids(world: World) -> set[str]:
    """Name all that somebody could guess: organisations, BICs, currencies, accounts, ids of this run."""
    names = {profile.participant for profile in (member.profile for member in world.members.values())}
    bics = {member.profile.bic for member in world.members.values() if member.profile.bic}
    ids = names | bics | {"CNY", "JPY", "EUR", UETR, LEI, "91350100M000100Y43", "CANARY-ISSUANCE", "authority", "cash"}
    ids |= {canary.text for canary in CANARIES} | {"issuer", "CNY|cash", "CNY|issuer", "JPY|cash", "JPY|issuer"}
    ids |= {f"{name}|{currency}" for name, currency in product(names | bics, ("CNY", "JPY"))}
    ids |= {serial_of(world.service(name)) for name in names}
    ids |= {world.service(name).fingerprint for name in names}
    for place, value in world.state().items():
        record = records.decode(value, private=bool(place.collection))
        for field in (
            "command_id",
            "issuance_id",
            "redemption_id",
            "initiation_id",
            "message_id",
            "uetr",
            "identifier",
            "record_id",
            "number",
        ):
            if text := getattr(record, field, ""):
                ids.add(str(text))
        if isinstance(record, records.Done):
            ids.add(str(json.loads(record.command).get("command_id", record.digest)))
    return ids


def kinds(world: World) -> set[str]:
    """Give every prefix that a key has, and some that one might have had."""
    used = {place.key.partition("/")[0] for place in world.state()}
    return used | {
        "",
        "account",
        "payment",
        "customer",
        "issuance",
        "redemption",
        "command",
        "certificate",
        "uetr",
        "initiation",
        "contract",
        "bill_of_lading",
        "undertaking",
        "awaited",
        "awaited_documents",
        "budget",
        "financing",
        "invoice",
        "document",
    }


def disguises(kind: str, name: str) -> Iterator[str]:
    """Give what a key might hold in place of a natural id that anybody could compute as well."""
    yield name
    for digested in (name, f"{kind}|{name}"):
        yield hashlib.sha256(digested.encode()).hexdigest()
        yield hmac.digest(b"", digested.encode(), "sha256").hex()


def test_no_key_can_be_guessed(world: World) -> None:
    """No natural id, under any prefix and separator, plain or digested, hashes to a private key on any block."""
    live(world)
    transactions = [transaction for _, block in world.blocks() for transaction in block.transactions]
    shown = {write.key for transaction in transactions for write in transaction.writes if write.collection}
    shown |= {read.key for transaction in transactions for read in transaction.reads if read.collection}
    assert len(shown) > 40
    guesses = [
        f"{kind}{separator}{disguised}"
        for kind, name, separator in product(kinds(world), natural_ids(world), ("/", "|", ":", ""))
        for disguised in disguises(kind, name)
    ]
    assert len(guesses) > 2_000
    assert [guess for guess in guesses if hashlib.sha256(guess.encode()).digest() in shown] == []


def test_a_private_key_is_a_constant_a_transaction_or_a_mac(world: World) -> None:
    live(world)
    for place in world.state():
        if not place.collection:
            continue
        kind, _, rest = place.key.partition("/")
        assert (kind, rest) in {("secret", ""), ("sequence", "")} or (len(rest) == 64 and int(rest, 16) >= 0)
        assert kind in kinds(world)


def test_no_key_stands_in_two_collections(world: World) -> None:
    """The same natural id has another key in each collection: who knows one collection's secret knows no other's."""
    live(world)
    hidden = [
        place.key
        for place in world.state()
        if place.collection and place.key.partition("/")[0] not in {"secret", "sequence", "journal"}
    ]
    assert len(hidden) == len(set(hidden)) > 30


def test_no_two_salts_are_the_same(world: World) -> None:
    """Each key in each transaction has its own, so equal values never show equal hashes."""
    live(world)
    salts = [value[:SALT_BYTES] for _, value in readable(world)]
    assert len(salts) == len(set(salts)) > 100


def test_a_value_hash_says_nothing_without_the_secret(world: World) -> None:
    """Who guesses the record to the byte still does not find its hash: the salt is a MAC of key and transaction."""
    world.must("banksh", a_payment("1.00"))
    place = world.hidden("bankist", "account", "CNY|cash")
    value, version = world.ledger.reader.value(place)
    assert value is not None
    assert version is not None
    transaction = list(world.blocks())[version.block][1].transactions[version.position]
    shown = {write.value for write in transaction.writes if write.collection == "bankist"}
    assert blocks.shown_value(place, value) in shown
    body, tx_id = value[SALT_BYTES:], transaction.proposal.tx_id
    guesses = [b"", bytes(SALT_BYTES), tx_id.encode()[:SALT_BYTES], bytes.fromhex(tx_id)[:SALT_BYTES]]
    guesses += [keys.salt(world.secret(name), tx_id, place.key) for name in ("banksh", "bankfra", "clearing")]
    assert not any(hashlib.sha256(guess + body).digest() in shown for guess in guesses)
    own = keys.salt(world.secret("bankist"), tx_id, place.key)
    assert hashlib.sha256(own + body).digest() in shown


def test_a_response_tells_the_courier_alone(world: World) -> None:
    """Sealed under a key of this attempt, of one length whatever was said, with neither code nor canary in it."""
    good = world.endorse(world.sign("banksh", [a_payment("1.00")]))
    bad = world.endorse(world.sign("banksh", [a_payment("8888888.88", remittance="CANARY REFUSED")]))
    assert len(good.endorsed.response) == len(bad.endorsed.response)
    for text in (b"UNFUNDED", b"amount", b"CANARY"):
        assert text not in bad.endorsed.response


@pytest.mark.parametrize("amount", ["8888888.88", "1e3", "CANARY REFUSED"])
def test_an_answer_names_the_field_and_not_its_value(world: World, amount: str) -> None:
    """The path of a field is one of ours; nothing that was asked comes back in it, nor in an error's text."""
    payment = a_payment(amount, payee="CANARY PAYEE", remittance="CANARY REFUSED")
    for command in (payment, replace(payment, payee="bankist"), replace(payment, payee="bankist", currency="ABC")):
        answer = world.say("banksh", command)[0]
        assert answer.code
        assert "CANARY" not in answer.where
        assert amount not in str(Refusal(Code(answer.code), answer.where))


def test_a_stranger_to_a_payment_is_told_what_it_is_told_of_nothing(world: World) -> None:
    """A third bank that names a real payment hears the same as for one that never was."""
    payment = a_payment("1.00")
    journal = world.must("banksh", payment).tx_id
    real = [a_confirmation(payment, journal, payee="bankfra"), a_return(payment, journal, payee="bankfra")]
    never = a_payment("1.00", payee="bankfra")
    unreal = [a_confirmation(never, "00" * 32), a_return(never, "00" * 32)]
    assert world.say("bankfra", *real) == world.say("bankfra", *unreal)


def test_a_rejection_touches_nothing_of_its_payee(world: World) -> None:
    """On the block there is no write to the payee's collection: it cannot know that it was to be paid."""
    batch = world.ask("banksh", a_payment("7777777.77", when_unfunded=WhenUnfunded.REJECT))
    transaction = list(world.blocks())[batch.block][1].transactions[0]
    assert transaction.validity is Validity.VALID
    assert {write.collection for write in transaction.writes} == {"banksh"}
    assert world.journal("bankist", batch.tx_id) is None
    assert all(place.collection in {*MEMBERS_ONLY, ""} for place in world.state())
    assert Place("bankist", f"journal/{batch.tx_id}") not in world.state()
