"""Bills as PINT envelopes: what comes out is what went in, and not one byte of it can be changed."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.development.customers import TRADERS
from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.trade.lading import chain, control, document, jws, pint
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import Action
from settlement.trade.lading.commands import Manner, Purpose
from settlement.trade.lading.pint import Received
from tests.expectations import refused
from tests.lading import (
    BANKIST,
    BANKSH,
    SILK,
    TEKSTIL,
    a_bank,
    a_bill,
    a_draft,
    a_named_bill,
    a_straight_bill,
    a_text,
    an_actor,
    answer,
    endorse,
    named,
    participants,
    people,
    reject,
    surrender,
    transfer,
)
from tests.world import NOW_MS

AMENDMENT = Purpose.SURRENDER_FOR_AMENDMENT
HISTORIES: dict[str, Callable[[], BillOfLading]] = {
    "just issued": a_bill,
    "sold through banks": lambda: transfer(
        transfer(transfer(endorse(a_named_bill(), TEKSTIL, "silk"), BANKSH, "silk", "collection"), BANKIST, "banksh"),
        TEKSTIL,
        "bankist",
    ),
    "rejected with its title": lambda: reject(
        transfer(endorse(a_named_bill(), TEKSTIL, "silk"), TEKSTIL, "silk"), "tekstil"
    ),
    "blank, signed and delivered": lambda: answer(
        surrender(
            control.signed(
                transfer(endorse(a_named_bill(), None, "silk", Manner.BLANK_ENDORSE), TEKSTIL, "silk"),
                an_actor("tekstil"),
            ),
            "tekstil",
        ),
        accepted=True,
    ),
    "straight, amendment refused": lambda: answer(
        surrender(transfer(a_straight_bill(), TEKSTIL, "silk"), "tekstil", AMENDMENT, "COD"),
        accepted=False,
        reason="freight unpaid",
    ),
    "to the order of a bank": lambda: endorse(
        transfer(a_bill(a_text(endorsee=a_bank("bankist"))), BANKIST, "silk"), TEKSTIL, "bankist"
    ),
    "amended for a reason in words": lambda: surrender(a_bill(), "silk", AMENDMENT, "wrong seal number"),
}


def export(made: BillOfLading, by: str = "gateway") -> bytes:
    key = people()[by]
    return pint.exported(made, {BANKIST: "Bosphorus Bankasi"}, key.certificate, key.sign)


def read(data: bytes, at_ms: int = NOW_MS) -> Received:
    return pint.received(data, participants(), at_ms)


@pytest.mark.parametrize("name", HISTORIES)
def test_what_is_exported_is_read_again(name: str) -> None:
    """The document to the byte, each action with who and to whom and when and why, and who holds it now."""
    made = HISTORIES[name]()
    got = read(export(made))
    assert (got.document, got.exported_by) == (made.document, "banksh")
    assert got.links == tuple(replace(link, signer="", serial="", tx_id="", previous="") for link in made.links)
    assert made.standing is not None
    assert replace(got.standing, head="") == replace(made.standing, head="")
    assert got.audit == tuple(chain.digest(link) for link in made.links)


def test_an_envelope_is_in_dcsas_form() -> None:
    """Names and values of PINT 3.0.0: three parts, compact JWS, checksums of 64 hex digits, ISSUE first and once."""
    made = HISTORIES["sold through banks"]()
    envelope = json.loads(export(made))
    assert set(envelope) == {"transportDocument", "envelopeManifestSignedContent", "envelopeTransferChain"}
    entries = [payload(token) for token in envelope["envelopeTransferChain"]]
    assert "previousEnvelopeTransferChainEntrySignedContentChecksum" not in entries[0]
    assert payload(entries[0]["issuanceManifestSignedContent"])["documentChecksum"] == document.checksum(made.document)
    assert all("issuanceManifestSignedContent" not in entry for entry in entries[1:])
    for before, entry in zip(envelope["envelopeTransferChain"], entries[1:], strict=False):
        checksum = entry["previousEnvelopeTransferChainEntrySignedContentChecksum"]
        assert checksum == canonical.digest(before.encode())
    actions = [entry["transactions"][0]["actionCode"] for entry in entries]
    assert actions == ["ISSUE", "ENDORSE_TO_ORDER", "TRANSFER", "TRANSFER", "TRANSFER"]
    sold = entries[1]["transactions"][0]
    assert sold["recipient"]["partyName"] == TEKSTIL.identifier  # the document does not name it
    assert sold["actor"]["partyName"] == TRADERS["banksh"].party.name
    assert sold["actionDateTime"] == "2026-11-23T01:00:00.000Z"
    assert entries[2]["transactions"][0]["comments"] == "collection"
    assert entries[3]["transactions"][0]["recipient"]["partyName"] == "Bosphorus Bankasi"


def payload(token: str) -> Any:
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def test_reasons_that_dcsa_has_a_code_for_are_told_as_such() -> None:
    straight = json.loads(export(HISTORIES["straight, amendment refused"]()))["envelopeTransferChain"]
    asked, answered = (payload(token)["transactions"][0] for token in straight[-2:])
    assert (asked["actionCode"], asked["reasonCode"], "comments" in asked) == ("SURRENDER_FOR_AMENDMENT", "COD", False)
    assert (answered["actionCode"], answered["comments"]) == ("SREJ", "freight unpaid")
    worded = payload(json.loads(export(HISTORIES["amended for a reason in words"]()))["envelopeTransferChain"][-1])
    assert worded["transactions"][0]["comments"] == "wrong seal number"


def test_what_is_not_issued_is_not_exported() -> None:
    with refused(Code.MOVE_NOT_ALLOWED, "record_id"):
        export(a_draft())


def test_a_bill_that_does_not_verify_is_not_exported() -> None:
    made = a_bill()
    with refused(Code.CHAIN_BROKEN):
        export(replace(made, document=a_text(isShippedOnBoardType=False)))


def test_no_byte_can_be_flipped() -> None:
    """Any single bit of any byte, of a sample that takes in every part; and no byte can be cut off or put on."""
    data = export(HISTORIES["sold through banks"]())
    chance = random.Random(2611)
    places = {0, len(data) - 1, *chance.sample(range(len(data)), 600)}
    for place in sorted(places):
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        with pytest.raises(Refusal):
            read(bytes(flipped))
    for torn in (b"", data[:-1], data[:100], data + b" ", data + data):
        with pytest.raises(Refusal):
            read(torn)
    assert read(data)


# Parts that are each in order, but do not belong together.


def rebuilt(data: bytes, **parts: Any) -> bytes:
    return canonical.encode(json.loads(data) | parts)


def test_another_document_is_refused() -> None:
    data = export(a_bill())
    other = json.loads(a_text(isShippedOnBoardType=False))
    with refused(Code.CHAIN_BROKEN):
        read(rebuilt(data, transportDocument=other))


def test_entries_are_neither_left_out_nor_reordered_nor_taken_from_elsewhere() -> None:
    data = export(HISTORIES["sold through banks"]())
    a, b, c, d, e = json.loads(data)["envelopeTransferChain"]
    elsewhere = json.loads(export(transfer(a_bill(), TEKSTIL, "silk")))["envelopeTransferChain"]
    for entries in ([a, b, c, d], [a, c, b, d, e], [b, c, d, e], [a, b, c, d, e, e], [a, elsewhere[1]], []):
        with refused(Code.CHAIN_BROKEN):
            read(rebuilt(data, envelopeTransferChain=entries))


def test_an_entry_is_not_exchanged_for_one_that_says_the_same() -> None:
    """Exported again, every signature is another; what is chained is the signed entry."""
    made = HISTORIES["sold through banks"]()
    data, again = export(made), export(made)
    entries, others = (json.loads(each)["envelopeTransferChain"] for each in (data, again))
    for place in range(len(entries)):
        with refused(Code.CHAIN_BROKEN):
            read(rebuilt(data, envelopeTransferChain=[*entries[:place], others[place], *entries[place + 1 :]]))


def test_a_token_has_one_spelling() -> None:
    """The last letter of a signature has bits that say nothing; changed, they are found all the same."""
    data = export(a_bill())
    token = json.loads(data)["envelopeManifestSignedContent"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    group = alphabet.index(token[-1]) // 16 * 16
    same = [letter for letter in alphabet[group : group + 16] if letter != token[-1]]
    assert len(same) == 15
    for letter in same:
        with refused(Code.DS0H, "envelopeManifestSignedContent"):
            read(rebuilt(data, envelopeManifestSignedContent=token[:-1] + letter))


def test_one_gateway_signs_all_of_it() -> None:
    """Entries that one bank's gateway has signed are not another's to vouch for."""
    data, key = export(a_bill()), people()["another gateway"]
    content = canonical.encode(payload(json.loads(data)["envelopeManifestSignedContent"]))
    assert read(export(a_bill(), "another gateway")).exported_by == "bankist"
    with refused(Code.DS0H, "envelopeTransferChain"):
        read(rebuilt(data, envelopeManifestSignedContent=jws.sign(content, key.certificate, key.sign)))


def signed_again(data: bytes, change: Callable[[list[Any]], None], by: str = "gateway") -> bytes:
    """Change what the entries say and sign all of it again, in good order: what a gateway that lies could do."""
    key = people()[by]
    envelope = json.loads(data)
    entries = [payload(token) for token in envelope["envelopeTransferChain"]]
    change(entries)
    tokens: list[str] = []
    for entry in entries:
        if tokens:
            entry["previousEnvelopeTransferChainEntrySignedContentChecksum"] = canonical.digest(tokens[-1].encode())
        tokens.append(jws.sign(canonical.encode(entry), key.certificate, key.sign))
    whole = payload(envelope["envelopeManifestSignedContent"])
    whole["lastEnvelopeTransferChainEntrySignedContentChecksum"] = canonical.digest(tokens[-1].encode())
    token = jws.sign(canonical.encode(whole), key.certificate, key.sign)
    return rebuilt(data, envelopeTransferChain=tokens, envelopeManifestSignedContent=token)


def test_signing_anew_in_good_order_is_accepted() -> None:
    """So that what follows fails for what it changes."""
    assert read(signed_again(export(HISTORIES["sold through banks"]()), lambda _: None))


LIES: dict[str, Callable[[list[Any]], Any]] = {
    "a thief transfers": lambda entries: entries.append(
        entries[-1] | {"transactions": [entries[2]["transactions"][0]]}
    ),
    "issued twice": lambda entries: entries.append(
        {name: value for name, value in entries[0].items() if name != "issuanceManifestSignedContent"}
    ),
    "issued later": lambda entries: entries.pop(0),
    "an action of no bill": lambda entries: entries[1]["transactions"][0].update(actionCode="APPROVE"),
    "an action nobody knows": lambda entries: entries[1]["transactions"][0].update(actionCode="STEAL"),
    "a rejection that was none": lambda entries: entries[-1]["transactions"][0].update(reasonCode="RJCT"),
    "no date": lambda entries: entries[1]["transactions"][0].update(actionDateTime="yesterday"),
    "another document": lambda entries: entries[1].update(transportDocumentChecksum="0" * 64),
    "another platform": lambda entries: entries[1].update(eblPlatform="BOLE"),
    "a party without a home": lambda entries: entries[1]["transactions"][0]["actor"].update(identifyingCodes=[]),
    "another shipper": lambda entries: entries[0]["transactions"][0].update(
        recipient=entries[1]["transactions"][0]["recipient"]
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_gateway_cannot_tell_a_history_that_was_not_allowed(name: str) -> None:
    """Its signature is good, and the rules of the chain still say no."""
    with refused(Code.CHAIN_BROKEN):
        read(signed_again(export(HISTORIES["sold through banks"]()), LIES[name]))


def test_a_gateway_cannot_issue_in_a_carriers_name() -> None:
    """The first entry holds the carrier's own signature; without it, or with another's, there is no bill."""
    data = export(a_bill())

    def without(entries: list[Any]) -> None:
        del entries[0]["issuanceManifestSignedContent"]

    def own(entries: list[Any]) -> None:
        key = people()["gateway"]
        content = canonical.encode(payload(entries[0]["issuanceManifestSignedContent"]))
        entries[0]["issuanceManifestSignedContent"] = jws.sign(content, key.certificate, key.sign)

    def of_another_bill(entries: list[Any]) -> None:
        entries[0]["issuanceManifestSignedContent"] = a_named_bill().issuance

    for change, code in ((without, Code.CHAIN_BROKEN), (own, Code.DS0H), (of_another_bill, Code.CHAIN_BROKEN)):
        with refused(code):
            read(signed_again(data, change))


@pytest.mark.parametrize("by", ["silk", "carrier", "banksh", "supervisor-1"])
def test_only_a_gateway_exports(by: str) -> None:
    with refused(Code.DS0H):
        read(export(a_bill(), by))


def test_a_signature_counts_while_its_certificate_does() -> None:
    """A gateway's when the envelope is read; the carrier's when it issued, whatever was revoked since."""
    data = export(a_bill())
    with refused(Code.DS0H):
        read(data, NOW_MS + 10 * 365 * 86_400_000)
    serials = {name: an_actor(name).signer.serial for name in ("carrier", "gateway")}
    for name, revoked, counts in (("customs", "carrier", True), ("banksh", "gateway", False)):
        known = participants()
        known = {**known, name: replace(known[name], revoked=(serials[revoked],))}
        if counts:
            assert pint.received(data, known, NOW_MS)
        else:
            with refused(Code.DS0H):
                pint.received(data, known, NOW_MS)


def test_an_envelope_of_nobody_we_know_is_refused() -> None:
    with refused(Code.DS0H):
        pint.received(export(a_bill()), {}, NOW_MS)


def test_the_title_that_a_document_gives_is_found_again() -> None:
    """A consignee or endorsee that never acted is named by its number alone."""
    got = read(export(a_straight_bill()))
    assert got.terms.consignee is not None
    assert got.terms.consignee.identifier == TEKSTIL.identifier
    got = read(export(a_bill(a_text(endorsee=named(SILK.identifier)))))
    assert got.standing.title is not None
    assert got.standing.title.holder == got.standing.holder
    assert got.links[0].action is Action.ISSUE
