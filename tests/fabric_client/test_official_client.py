"""The fake peer is true to the protocol: the official Node client, which nobody here wrote, gets on with it."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Final

import pytest

from gateway.fabric_client import ValidationCode
from tests.fabric_client.conftest import AUTHORITIES, CHAINCODE, CHANNEL, Network

PACKAGES: Final = ("@hyperledger/fabric-gateway@1.11.0", "@grpc/grpc-js@1.14.7")
SCRIPT: Final = Path(__file__).with_name("official_client.mjs")

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not there to install the official client with"),
    pytest.mark.skipif(os.environ.get("WAITAN_NPM") != "1", reason="WAITAN_NPM=1 asks for the official client"),
]


async def run(*command: str, directory: Path) -> bytes:
    """Run a program in a directory, and give what it prints."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=directory, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return output


async def test_the_official_client_goes_through_every_stage(network: Network, tmp_path: Path) -> None:
    await run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", *PACKAGES, directory=tmp_path)
    shutil.copy(SCRIPT, tmp_path)
    tls = network.tls("BankMSP")
    settings = {
        "address": network.bank.address,
        "serverName": network.bank.server_name,
        "roots": tls.roots.decode(),
        "tlsCertificate": tls.certificate.decode(),
        "tlsKey": tls.key.decode(),
        "mspId": "BankMSP",
        "certificate": network.user.certificate_pem.decode(),
        "key": network.user.key_pem.decode(),
        "channel": CHANNEL,
        "chaincode": CHAINCODE,
        "organisations": AUTHORITIES,
        "lists": json.dumps({"bank": {"journal/1": "a payment"}}),
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    network.channel.verdicts.extend([ValidationCode.VALID, ValidationCode.VALID, ValidationCode.MVCC_READ_CONFLICT])

    seen = json.loads(await run("node", SCRIPT.name, "settings.json", directory=tmp_path))

    assert seen["evaluated"] == "put"
    assert seen["status"]["code"] == ValidationCode.VALID
    assert seen["status"]["blockNumber"] == 1
    assert seen["told"] == ""
    assert seen["refused"]["name"] == "EndorseError"
    assert {detail["message"] for detail in seen["refused"]["details"]} == {"chaincode response 404, NOT_FOUND"}
    assert seen["invalid"]["name"] == "CommitError"
    assert seen["invalid"]["code"] == ValidationCode.MVCC_READ_CONFLICT
    assert seen["event"]["eventName"] == "Settled"
    assert seen["event"]["blockNumber"] == 2
    assert seen["block"]["number"] == 1
    assert [0, CHAINCODE, "bank"] in seen["block"]["parts"]
