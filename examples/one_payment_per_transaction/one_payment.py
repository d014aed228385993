"""Settle one payment in each transaction, as most Fabric chaincode is written: what Waitan's batches are compared with.

It has what a payment between two banks needs and no more: the payer's account in the payer's private collection, the
payee's in the payee's, and the payment in both. It stands on chaincode.shim alone, so it is also a small example of
that package:

    CHAINCODE_ID=... CHAINCODE_SERVER_ADDRESS=127.0.0.1:9999 python examples/one_payment_per_transaction/one_payment.py

`pay PAYER PAYEE` moves the transient map's `amount` (minor units) from its `from` to its `to`, and keeps its `payment`.
An account that was never used holds OPENING_MINOR.
"""

import asyncio
import os
from pathlib import Path
from typing import Final

from chaincode.shim import ChaincodeServer, Response, Settings, Stub, Tls, Write

OPENING_MINOR: Final = 10**15
"""So that a benchmark need not fund its accounts first."""


async def invoke(stub: Stub) -> Response:
    """Debit, credit, and keep the payment."""
    _, payer, payee = (argument.decode() for argument in stub.args)
    sent = stub.transient
    debtor, creditor = sent["from"].decode(), sent["to"].decode()
    amount_minor = int(sent["amount"])
    debit_minor = int(await stub.get(f"account/{debtor}", payer) or OPENING_MINOR) - amount_minor
    credit_minor = int(await stub.get(f"account/{creditor}", payee) or OPENING_MINOR) + amount_minor
    if amount_minor <= 0 or debit_minor < 0:
        return Response(status=400, message="AM04")
    await stub.write_batch(
        [
            Write(f"account/{debtor}", b"%d" % debit_minor, payer),
            Write(f"account/{creditor}", b"%d" % credit_minor, payee),
            Write(f"payment/{stub.tx_id}", sent["payment"], payer),
            Write(f"payment/{stub.tx_id}", sent["payment"], payee),
        ]
    )
    return Response()


def _settings() -> Settings:
    environment = os.environ
    tls = None
    if "CHAINCODE_TLS_KEY" in environment:
        names = ("CHAINCODE_TLS_KEY", "CHAINCODE_TLS_CERT", "CHAINCODE_TLS_CLIENT_CA")
        key, certificate, peer_ca = (Path(environment[name]) for name in names)
        tls = Tls.read(key=key, certificate=certificate, peer_ca=peer_ca)
    return Settings(environment["CHAINCODE_ID"], environment["CHAINCODE_SERVER_ADDRESS"], tls=tls)


if __name__ == "__main__":
    asyncio.run(ChaincodeServer(invoke, _settings()).serve())
