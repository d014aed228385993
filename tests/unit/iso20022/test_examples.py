"""The example messages that come with the usage rules: nobody here wrote them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import cbpr_rules
import pytest

from settlement.errors import Code
from settlement.iso20022 import reading
from settlement.iso20022.refusal import LISTED_MAX
from tests.unit.iso20022.samples import refusal

TRANSFER: Final = "/Document/FIToFICstmrCdtTrf/GrpHdr/SttlmInf/SttlmMtd"
RETURN: Final = "/Document/PmtRtr/GrpHdr/SttlmInf/SttlmMtd"


def _examples(*messages: str) -> list[Any]:
    return list(_each_example(messages))


def _each_example(messages: tuple[str, ...]) -> Iterator[Any]:
    for year in (2025, 2026):
        for message in cbpr_rules.available(year):
            if message.startswith(messages):
                for variant in cbpr_rules.example_variants(year, message):
                    data = cbpr_rules.example_message(year, message, variant).encode()
                    yield pytest.param(date(year, 12, 1), data, id=f"{message}-{year}-{variant}")


def test_there_are_forty_of_them() -> None:
    """Two years, ten messages, the least and the most of each: all are read by one of the tests below."""
    assert len(_examples("")) == 40


@pytest.mark.parametrize(("on", "data"), _examples("pacs.008", "pacs.004"))
def test_correspondent_messages_are_read_and_checked_and_then_refused(on: date, data: bytes) -> None:
    """INDA payments and returns break no schema and no usage rule; their settlement method is all that is refused."""
    refused = refusal(data, on=on)
    assert [violation.code for violation in refused.violations] == [Code.CH16]
    assert refused.where in (TRANSFER, RETURN)


@pytest.mark.parametrize(("on", "data"), _examples("pacs.008"))
def test_what_they_say_is_broken_is_found(on: date, data: bytes) -> None:
    """The same messages with a slash at the end of InstrId break the rule on slashes as well."""
    spoilt = data.replace(b"</InstrId>", b"/</InstrId>")
    told = {violation.path for violation in refusal(spoilt, on=on).violations}
    assert told == {TRANSFER, "/Document/FIToFICstmrCdtTrf/CdtTrfTxInf/PmtId/InstrId"}


@pytest.mark.parametrize(("on", "data"), _examples("pacs.002"))
def test_reports_with_a_made_up_status_are_refused_there(on: date, data: bytes) -> None:
    """The examples' status EXTx is none that means something here; the rest is strange to the ledger."""
    refused = refusal(data, on=on)
    told = {(violation.code, violation.path) for violation in refused.violations}
    assert (Code.CH16, "/Document/FIToFIPmtStsRpt/TxInfAndSts/TxSts") in told
    assert {code for code, _ in told} <= {Code.CH16, Code.CH17, Code.DNOR, Code.CNOR}


@pytest.mark.parametrize(("on", "data"), _examples("camt", "pain", "pacs.009"))
def test_other_messages_are_refused_as_unknown(on: date, data: bytes) -> None:
    """What is not read here is FF01, at the document."""
    refused = refusal(data, on=on)
    assert (refused.code, refused.where) == (Code.FF01, "/Document")


@pytest.mark.parametrize(("on", "data"), _examples("pacs.008"))
def test_as_a_message_to_our_clearing_nothing_is_dropped(on: date, data: bytes) -> None:
    """Sent as CLRG, whatever the command cannot carry is refused, element by element; else it is all in the command."""
    spoilt = data.replace(b"INDA", b"CLRG")
    refused = refusal(spoilt, on=on)
    carried = reading.USAGES["pacs.008.001.08"].carried
    found = reading.open_message(spoilt).found.by_path
    # What stands below a refused element is not told again.
    lost = {path for path in found if path not in carried and path.rpartition("/")[0] in carried}
    told = {
        "/".join(step.partition("[")[0] for step in violation.path.split("/"))
        for violation in refused.violations
        if violation.code is Code.CH17
    }
    assert lost <= told or len(refused.violations) == LISTED_MAX
