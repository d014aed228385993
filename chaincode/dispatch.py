"""One transaction: a batch of signed lists, run in order, answered in one sealed response.

Nothing here knows a rule of trade or money. A list is checked (signature, certificate, sequence number), its
commands run one by one, each in its savepoint: a refused one leaves nothing, and none sinks another.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import chaincode.contracts  # noqa: F401 - registers the transaction functions
from chaincode import access, keys
from chaincode.overlay import LedgerTx
from chaincode.port import Caller, Place, Stub
from chaincode.transactions import FUNCTIONS
from settlement import canonical, identity
from settlement.commands import DECODER, PERSONAL_DECODER, Signed
from settlement.errors import Code, Refusal
from settlement.forms import answers, batches, consent, records
from settlement.forms.answers import DONE, Answer
from settlement.forms.batches import ANSWER_KEY, LISTS
from settlement.forms.consent import MAX_COMMANDS, SignedList
from settlement.forms.journals import ListProof
from settlement.identity import Identity
from settlement.participants import FoundLedger, Participant, ParticipantState
from settlement.parties import Role
from settlement.payments import plain
from settlement.records import Command, IdentifiedCommand

__all__ = ["ANSWER_KEY", "LISTS", "Asked", "MalformedBatchError", "execute"]

_DONE: Final = Answer(DONE)
_COMMAND_ID: Final = re.compile(r"[0-9A-Za-z-]{1,36}").fullmatch


class MalformedBatchError(Exception):
    """The envelope itself cannot be read: the courier's fault, and no business of any list."""


class Asked(NamedTuple):
    """One command of a list as read: its bytes, the command, a person's consent, or why it cannot be read.

    `is_in_order`: nothing is wrong with its content, as far as that can be told without the ledger.
    """

    raw: bytes
    command: Command | None = None
    personal: Signed | None = None
    inner: bytes = b""
    refusal: Refusal | None = None
    is_in_order: bool = False


Secrets = dict[str, bytes]
"""Collections' secrets by name. They never change, so a process may remember them from batch to batch: it still reads
them, for what is read stands on the block, but it need not wait for them before it knows what else to read."""


async def execute(stub: Stub, remembered: Secrets | None = None) -> bytes:
    """Run a batch; give the sealed answers. `remembered`: what one process keeps for one ledger from batch to batch.

    Raises `MalformedBatchError`; and `Refusal`, DATA_MISSING, where this host lacks the secret of a collection that is
    named, for then nothing in it can be found.
    """
    signed_lists, key = _envelope(stub.transient)
    asked = [[_read(raw) for raw in signed.commands] for signed in signed_lists]
    tx = LedgerTx(stub)
    await _prefetch(tx, signed_lists, asked, {} if remembered is None else remembered)
    said = [await _run_list(tx, signed, its) for signed, its in zip(signed_lists, asked, strict=True)]
    await tx.flush()
    return answers.seal(said, key, stub.tx_id)


def _envelope(transient: Mapping[str, bytes]) -> tuple[tuple[SignedList, ...], bytes]:
    try:
        signed_lists = batches.lists_of(transient)
        key = transient[ANSWER_KEY]
    except (KeyError, batches.UnreadableListsError):
        raise MalformedBatchError from None
    if len(key) != answers.KEY_BYTES or not 0 < sum(len(each.commands) for each in signed_lists) <= MAX_COMMANDS:
        raise MalformedBatchError
    return signed_lists, key


def _read(raw: bytes) -> Asked:
    payment = plain.read(raw)  # what nearly all are, so the shortest way is theirs
    if payment is not None:
        return Asked(raw, payment, inner=raw, is_in_order=True)
    try:
        command = canonical.decode(raw, DECODER)
        if not isinstance(command, Signed):
            return Asked(raw, command, inner=raw)
        inner = command.command.encode()
        return Asked(raw, canonical.decode(inner, PERSONAL_DECODER), command, inner)
    except Refusal as refusal:
        return Asked(raw, refusal=refusal)


async def _prefetch(
    tx: LedgerTx, signed_lists: tuple[SignedList, ...], asked: list[list[Asked]], remembered: Secrets
) -> None:
    """Read what the lists name: organisations, then their secrets, then what these secrets hide.

    Where all of the secrets are remembered, all of it at once. What has been read in the end is the same.
    """
    senders = {signed.participant for signed in signed_lists}
    commands = [
        (signed.participant, each.command)
        for signed, its in zip(signed_lists, asked, strict=True)
        for each in its
        if each.command is not None and type(each.command) in FUNCTIONS
    ]
    named = senders.union(*(FUNCTIONS[type(command)].names(command) for _, command in commands))
    expected = {name: remembered[name] for name in sorted(named) if name in remembered}
    first = [keys.LEDGER, *map(keys.participant, sorted(named))]
    if len(expected) == len(named):
        first += [*_own(expected, senders), *_hidden(expected, signed_lists, commands)]
    await tx.fetch(first)
    known = [name for name in sorted(named) if await tx.get(keys.participant(name), Participant)]
    if keys.AUTHORITY in named and await tx.get(keys.LEDGER, records.Ledger):
        known.append(keys.AUTHORITY)  # no participant, but a collection of which some commands say that they read it
    await tx.fetch(_own(known, senders))
    secrets = {name: await tx.secret(name) for name in known}
    if secrets != expected or len(expected) < len(named):
        await tx.fetch(_hidden(secrets, signed_lists, commands))
    remembered.update(secrets)


def _own(known: Iterable[str], senders: Collection[str]) -> Iterator[Place]:
    """Give where collections' secrets stand, and the numbers of senders' last lists."""
    for name in known:
        yield keys.secret(name)
        if name in senders:
            yield keys.sequence(name)


def _hidden(
    secrets: dict[str, bytes], signed_lists: Iterable[SignedList], commands: Iterable[tuple[str, Command]]
) -> Iterator[Place]:
    """Give where the lists' certificates and what the commands read stand, under keys that secrets hide."""
    for signed in signed_lists:
        if (secret := secrets.get(signed.participant)) is not None:
            yield _certificate(signed.participant, secret, identity.fingerprint(signed.certificate))
    for participant, command in commands:
        if participant in secrets:
            yield from FUNCTIONS[type(command)].reads(participant, command, secrets)


def _certificate(participant: str, secret: bytes, fingerprint: str) -> Place:
    return keys.hidden(participant, secret, "certificate", fingerprint)


async def _run_list(tx: LedgerTx, signed: SignedList, asked: list[Asked]) -> list[Answer]:
    if not asked:
        return []
    try:
        sender, identified = await _require_list(tx, signed, asked)
    except Refusal as refusal:
        return [Answer(refusal.code, f"{answers.WHOLE_LIST}.{refusal.where}")] * len(asked)
    said: list[Answer] = []
    others: list[tuple[int, str]] = []
    took_effect = False
    tx.list_index = tx.next_list_index(signed.participant)
    service = _acting(sender, identified, signed.certificate)
    for position, each in enumerate(asked):
        tx.position = position
        answer, told = await _run(tx, sender, service, each)
        said.append(answer)
        took_effect = took_effect or told or answer.code == DONE
        if not told:
            others.append((position, canonical.digest(each.raw)))
    if await tx.get(keys.LEDGER, records.Ledger) is None:
        return said
    if took_effect:
        await _prove(tx, signed, identified, tuple(others))
    tx.put(keys.sequence(signed.participant), records.Sequence(number=signed.sequence))
    tx.keep()
    return said


async def _require_list(tx: LedgerTx, signed: SignedList, asked: list[Asked]) -> tuple[Participant, Identity]:
    """Check that a list is its participant's next: its service's certificate, signature, sequence number."""
    ledger = await tx.get(keys.LEDGER, records.Ledger)
    first = asked[0].command
    if ledger is None and isinstance(first, FoundLedger) and len(asked) == 1:
        if signed.participant != first.clearing.participant:
            raise Refusal(Code.AG08, "participant")
        network, sender = first.network, Participant(organisation=first.clearing, state=ParticipantState.ACTIVE)
        last = None
    else:
        participant = await tx.get(keys.participant(signed.participant), Participant)
        if ledger is None or participant is None:
            raise Refusal(Code.AG08, "participant")
        network, sender = ledger.network, participant
        last = await tx.get(keys.sequence(signed.participant), records.Sequence)
    identified = identity.identify(signed.certificate, sender, tx.timestamp_ms)
    if identified.role is not Role.GATEWAY:
        raise Refusal(Code.AG08, "certificate")
    digests = tuple(canonical.digest(raw) for raw in signed.commands)
    to_sign = consent.list_to_sign(network, signed.participant, signed.sequence, digests)
    identity.verify(identified, signed.signature, to_sign)
    if signed.sequence != (last.number if last else 0) + 1:
        raise Refusal(Code.SEQUENCE_NOT_NEXT, "sequence")
    return sender, identified


async def _run(tx: LedgerTx, sender: Participant, service: Caller, asked: Asked) -> tuple[Answer, bool]:
    """Run one command in its savepoint; say what became of it, and whether a journal tells of it."""
    try:
        if asked.refusal is not None:
            raise asked.refusal
        assert asked.command is not None
        tx.raw, tx.is_in_order = asked.raw, asked.is_in_order
        tx.caller = service if asked.personal is None else await _person(tx, sender, asked.personal, asked.inner)
        access.require(tx.caller, asked.command)
        command_id = _command_id(asked)
        if command_id and (done := await _done_before(tx, asked, command_id)) is not None:
            return Answer(done.code), False
        access.require_active(sender, asked.command)
        code = await FUNCTIONS[type(asked.command)].function(tx, asked.command)
        if command_id:
            await _note_done(tx, asked, command_id, code or DONE)
    except Refusal as refusal:
        tx.drop()
        return Answer(refusal.code, refusal.where), False
    return Answer(code) if code else _DONE, tx.keep()


async def _person(tx: LedgerTx, sender: Participant, personal: Signed, inner: bytes) -> Caller:
    """Say which person signed a command; AG08 unless the sender's CA knows them, DS0H unless the signature holds."""
    ledger = await tx.get(keys.LEDGER, records.Ledger)
    if ledger is None:
        raise Refusal(Code.AG08, "certificate")
    # A command before this one, in the same list, may have revoked the certificate.
    sender = await tx.get(keys.participant(sender.organisation.participant), Participant) or sender
    identified = identity.identify(personal.certificate, sender, tx.timestamp_ms)
    identity.verify(identified, personal.signature, consent.command_to_sign(ledger.network, inner))
    return _acting(sender, identified, personal.certificate)


def _acting(sender: Participant, identified: Identity, certificate: bytes) -> Caller:
    organisation = sender.organisation
    return Caller(
        organisation.participant,
        organisation.kind,
        identified.role,
        identified.signer,
        identified.party,
        certificate,
    )


def _command_id(asked: Asked) -> str:
    """What names a command that takes effect once: its id, or its digest where a person signed one without."""
    if isinstance(asked.command, IdentifiedCommand):
        if _COMMAND_ID(asked.command.command_id) is None:
            raise Refusal(Code.CH16, "command_id")
        return asked.command.command_id
    return canonical.digest(asked.inner) if asked.personal is not None else ""


async def _done_before(tx: LedgerTx, asked: Asked, command_id: str) -> records.Done | None:
    """Find what a command did when it was asked before; another command under its id is refused."""
    caller = tx.caller.participant
    done = await tx.get(keys.hidden(caller, await tx.secret(caller), "command", command_id), records.Done)
    if done is not None and done.digest != canonical.digest(asked.inner):
        raise Refusal(Code.COMMAND_ID_REUSED, "command_id")
    return done


async def _note_done(tx: LedgerTx, asked: Asked, command_id: str, code: str) -> None:
    """Keep a command that is not to be repeated: who asked, when, in what words, and what was answered."""
    caller = tx.caller
    place = keys.hidden(caller.participant, await tx.secret(caller.participant), "command", command_id)
    done = records.Done(
        digest=canonical.digest(asked.inner),
        by=caller.signer.name,
        serial=caller.signer.serial,
        at_ms=tx.timestamp_ms,
        command=asked.raw.decode(),
        code=code,
    )
    tx.put(place, done)


async def _prove(tx: LedgerTx, signed: SignedList, service: Identity, others: tuple[tuple[int, str], ...]) -> None:
    """Keep what proves a list: its signature, and its certificate where it is new."""
    proof = ListProof(
        sequence=signed.sequence,
        signature=signed.signature,
        certificate=service.fingerprint,
        others=others,
    )
    tx.prove(signed.participant, proof)
    secret = await tx.secret(signed.participant)
    place = _certificate(signed.participant, secret, service.fingerprint)
    if await tx.get(place, records.Certificate) is None:
        tx.put(place, records.Certificate(der=signed.certificate))
