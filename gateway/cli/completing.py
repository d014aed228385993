"""What a bank adds of its own to a payment that its customer has asked for: to which bank it goes, what it reports."""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from gateway.cli.failures import usage
from gateway.operators import codec
from settlement.payments.commands import RegulatoryReporting, ReportingDetail
from waitan.v1 import payments_pb2 as pb


class Completed(NamedTuple):
    """As it was said: the BIC of the participant that is paid, and what is reported to the authorities.

    Each of `reports` is `COUNTRY:CODE`, and more lines of information with colons between them. Empty: the creditor's
    bank is paid, and reported is what the customer says.
    """

    instructed_agent: str = ""
    reports: Sequence[str] = ()

    def reporting(self) -> tuple[RegulatoryReporting, ...]:
        """Say the reports as a payment has them; the ledger knows which codes there are. Raises `Failure`."""
        return (RegulatoryReporting(details=tuple(map(_detail, self.reports))),) if self.reports else ()

    def messages(self) -> list[pb.RegulatoryReporting]:
        """Say the reports as gateways take them; raises `Failure`."""
        return [codec.write(each, pb.RegulatoryReporting) for each in self.reporting()]

    def words(self) -> str:
        """Write the options with which it was said, with a space behind each."""
        agent = [f"--instructed-agent {shlex.quote(self.instructed_agent)} "] if self.instructed_agent else []
        return "".join([*agent, *(f"--report {shlex.quote(each)} " for each in self.reports)])


def _detail(said: str) -> ReportingDetail:
    country, *rest = said.split(":")
    if not country or not rest or not rest[0]:
        raise usage(
            f"{said} is no report.", do="Say COUNTRY:CODE, such as CN:121010; a line more behind another colon."
        )
    return ReportingDetail(country=country.upper(), code=rest[0], information=tuple(rest[1:]))
