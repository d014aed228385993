"""What one caller may ask at the operators' door, and what it may not: the others do not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode, aio
from structlog.testing import capture_logs

from gateway.auth.crl import RevocationList
from gateway.auth.development import DevelopmentCA
from gateway.client import WaitanClient, WaitanError
from gateway.limits import Open, Rates
from gateway.operators import edge, server, supervision
from gateway.operators.edge import Limits
from gateway.outcomes import RATE_LIMITED
from gateway.tls import TlsIdentity
from gateway.watched import Watched
from settlement.parties import Role
from tests.expectations import PATIENCE_S
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import accounts_pb2, payments_pb2, payments_pb2_grpc

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY: Final = "CANARY7731"


@asynccontextmanager
async def a_door(house: House, limits: Limits, **others: Any) -> AsyncIterator[str]:
    """Open another door of the paying bank's gateway."""
    opened = await server.serve(
        house.gateways["banksh"], "localhost:0", house.identity("banksh"), limits=limits, **others
    )
    try:
        yield f"localhost:{opened.port}"
    finally:
        await opened.close()


async def test_a_caller_is_held_to_its_rate_and_told_when_to_ask_again(house: House) -> None:
    limits = Limits(Rates(0.01, 2), Open(10))
    async with a_door(house, limits) as address:
        identity = house.identity("banksh", "officer-1")
        async with aio.secure_channel(address, identity.channel_credentials()) as channel:
            call = channel.unary_unary("/waitan.v1.AccountService/ListAccounts", None, None)
            for _ in range(2):
                await call(accounts_pb2.ListAccountsRequest().SerializeToString())
            with pytest.raises(aio.AioRpcError) as raised:
                await call(b"")
        assert raised.value.code() is StatusCode.RESOURCE_EXHAUSTED
        metadata: dict[str, Any] = dict(raised.value.trailing_metadata() or ())  # type: ignore[arg-type]  # pairs
        retry = RetryInfo()
        details = Status.FromString(metadata["grpc-status-details-bin"]).details
        assert any(each.Unpack(retry) for each in details if each.Is(RetryInfo.DESCRIPTOR))
        assert 0 < retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9 <= 100
        async with WaitanClient(address, identity) as same:
            with pytest.raises(WaitanError) as told:
                await same.accounts()
        assert (told.value.code, told.value.is_unreachable, told.value.is_unknown) == (RATE_LIMITED, True, False)
        assert told.value.retry_s is not None
        assert 0 < told.value.retry_s <= 100
        async with WaitanClient(address, house.identity("banksh", "officer-2")) as other:
            assert await other.accounts()


async def test_who_does_not_read_is_waited_for_and_nobody_else_is(house: House) -> None:
    """Its events wait within its own connection's window; after a while it reads on, and has missed nothing."""
    first = house.gateways["banksh"].queries.last_position()
    async with a_door(house, Limits(Rates(100_000, 100_000), Open(50))) as address:
        slow = house.identity("banksh", "officer-1").channel_credentials()
        narrow = (("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0))
        async with (
            aio.secure_channel(address, slow, options=narrow) as channel,
            WaitanClient(address, house.identity("banksh", "officer-2"), timeout_s=PATIENCE_S) as payer,
        ):
            watch = channel.unary_stream("/waitan.v1.PaymentService/WatchPayments", None, None)
            call = watch(payments_pb2.WatchPaymentsRequest(after_position=first).SerializeToString())
            payments = [a_fresh_payment("0.01", remittance="x" * 140) for _ in range(60)]
            for payment in payments:
                await payer.submit(payment)
            assert await payer.accounts()
            told: list[str] = []
            while len(told) < len(payments):
                data: Any = await call.read()
                told += [event.uetr for event in payments_pb2.WatchPaymentsResponse.FromString(data).events]
    assert told == [payment.uetr for payment in payments]


async def test_no_call_waits_for_each_method_that_there_is(house: House) -> None:
    """grpc.aio keeps a task for each method that is registered, and goes through all of them with every call."""
    others = asyncio.all_tasks()  # other servers of this process, a fake peer's among them
    async with a_door(house, Limits(Rates(1.0, 10), Open(10))):
        waiting = [repr(task) for task in asyncio.all_tasks() - others]
    assert any("_request_call" in each for each in waiting)
    assert not any("_request_registered_call" in each for each in waiting)


async def test_a_call_that_takes_too_long_is_ended(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(edge, "UNARY_S", 0.05)
    monkeypatch.setattr(house.gateways["banksh"].payments, "submit", never)
    async with house.client("banksh") as client:
        with pytest.raises(WaitanError) as raised:
            await client.submit(a_fresh_payment())
    assert raised.value.is_unknown


async def test_a_question_that_takes_too_long_has_changed_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(edge, "UNARY_S", 0.05)
    monkeypatch.setattr(supervision.Recording, "__call__", never)
    async with house.client("banksh") as client:
        with pytest.raises(WaitanError) as raised:
            await client.accounts()
    assert (raised.value.is_unknown, raised.value.code) == (False, "ED06")


async def test_a_call_keeps_its_name_to_the_block(house: House) -> None:
    from gateway.operators import codec

    payment = a_fresh_payment(remittance=CANARY)
    address = f"localhost:{house.servers['banksh'].port}"
    credentials = house.identity("banksh", "officer-1").channel_credentials()
    with capture_logs() as lines:
        async with aio.secure_channel(address, credentials) as channel:
            stub: Any = payments_pb2_grpc.PaymentServiceStub(channel)
            request = payments_pb2.SubmitPaymentRequest(payment=codec.write(payment, payments_pb2.Payment))
            call = stub.SubmitPayment(request, metadata=(("x-request-id", "mine-1"),))
            outcome = (await call).outcome
            assert dict(await call.trailing_metadata())["x-request-id"] == "mine-1"
            with pytest.raises(aio.AioRpcError):
                await stub.GetPayment(payments_pb2.GetPaymentRequest(uetr=CANARY))
    written = [line for line in lines if line["event"] == "on the ledger"]
    assert (outcome.transaction_id, outcome.block) in {(line["transaction_id"], line["block"]) for line in written}
    assert CANARY not in str(lines)
    assert payment.uetr not in str(lines)


class Authority:
    """A CA that takes certificates back, in a file."""

    def __init__(self, directory: Path, root: Any) -> None:
        self._root: Final = root
        self.file: Final = directory / "crl.pem"
        self.root_file: Final = directory / "ca.crt"
        self.root_file.write_bytes(root.certificate)

    def write(self, *revoked: bytes, valid: timedelta = timedelta(days=1), by: Any = None) -> None:
        issuer = by or self._root
        certificate = x509.load_pem_x509_certificate(issuer.certificate)
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
        builder = builder.last_update(now - timedelta(days=2)).next_update(now + valid)
        for each in revoked:
            serial = x509.load_pem_x509_certificate(each).serial_number
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(one)
        key: Any = load_pem_private_key(issuer.key, password=None)
        self.file.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))


async def code_of(client: WaitanClient) -> tuple[str, str]:
    try:
        await client.accounts()
    except WaitanError as error:
        return error.code, error.where
    return "", ""


async def test_who_is_on_the_cas_list_is_let_in_no_more_and_a_stale_list_lets_in_nobody(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Watched.__init__.__kwdefaults__ or {}, "check_s", 0.0)
    member = house.members["banksh"]
    authority = Authority(tmp_path, member.ca.root)
    authority.write()
    ahead_ms = 0
    gateway = house.gateways["banksh"]
    revoked = RevocationList(authority.file, authority.root_file, lambda: gateway.clock() + ahead_ms)
    leaver, stayer = member.people["officer-1"], member.people["officer-2"]
    async with (
        a_door(house, Limits(Rates(1000, 1000), Open(10), revoked)) as address,
        WaitanClient(address, house.shown(leaver, "banksh")) as one,
        WaitanClient(address, house.shown(stayer, "banksh")) as two,
    ):
        assert (await code_of(one), await code_of(two)) == (("", ""), ("", ""))
        authority.write(leaver.certificate)
        assert (await code_of(one), await code_of(two)) == (("DS0H", "certificate"), ("", ""))
        stale = ("AG08", "certificate_revocation_list")
        for wrong in (
            lambda: authority.write(by=DevelopmentCA.create("banksh").root),
            lambda: authority.file.write_text("nothing"),
            authority.file.unlink,
            lambda: authority.write(valid=timedelta(seconds=-1)),
        ):
            wrong()
            assert await code_of(two) == stale
        authority.write()
        assert (await code_of(one), await code_of(two)) == (("", ""), ("", ""))
        ahead_ms = 2 * 24 * 3600 * 1000
        assert await code_of(two) == stale


async def test_who_is_revoked_while_watching_is_told_no_more(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Watched.__init__.__kwdefaults__ or {}, "check_s", 0.0)
    member = house.members["banksh"]
    authority = Authority(tmp_path, member.ca.root)
    authority.write()
    gateway = house.gateways["banksh"]
    revoked = RevocationList(authority.file, authority.root_file, gateway.clock)
    async with (
        a_door(house, Limits(Rates(1000, 1000), Open(10), revoked)) as address,
        WaitanClient(address, house.identity("banksh", "officer-1")) as watcher,
        house.client("banksh") as payer,
    ):
        events = aiter(watcher.watch(gateway.queries.last_position()))
        first: asyncio.Task[Any] = asyncio.create_task(anext(events))  # type: ignore[arg-type]  # a coroutine
        settled = a_fresh_payment()
        await payer.submit(settled)
        assert (await first).uetr == settled.uetr
        authority.write(member.people["officer-1"].certificate)
        await payer.submit(a_fresh_payment())
        with pytest.raises(WaitanError) as raised:
            await anext(events)
    assert (raised.value.code, raised.value.where) == ("DS0H", "certificate")


async def test_a_renewed_certificate_is_shown_from_the_next_handshake_on(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Watched.__init__.__kwdefaults__ or {}, "check_s", 0.0)
    member = house.members["banksh"]
    member.service.write(tmp_path, "gateway")
    paths = (tmp_path / "gateway.crt", tmp_path / "gateway.key")
    root = member.ca.root.certificate
    renewed = Watched(paths, lambda certificate, key: TlsIdentity(certificate, key, root))
    limits = edge.usual_limits()
    async with a_door(house, limits, renewed=renewed) as address:
        port = int(address.rpartition(":")[2])
        before = await shown_by(house, port)
        member.ca.issue("gateway", Role.GATEWAY).write(tmp_path, "gateway")
        after = await shown_by(house, port)
        assert before != after == paths[0].read_bytes()
        async with WaitanClient(address, house.identity("banksh", "officer-1")) as client:
            assert await client.accounts()


async def shown_by(house: House, port: int) -> bytes:
    """Read which certificate (PEM) a server shows."""
    import ssl

    context = ssl.create_default_context(cadata=house.members["banksh"].ca.root.certificate.decode())
    context.set_alpn_protocols(["h2"])
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    try:
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return ssl.DER_cert_to_PEM_cert(der).encode()
    finally:
        writer.transport.abort()
        del reader
