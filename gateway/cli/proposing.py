"""The words by which a first officer proposes what takes two: what was asked for, to be copied from its refusal."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the commands that show these words
    from gateway.cli.payments import Order, Terms
    from gateway.cli.trade.undertakings import Changed, Wanted


def of_order(order: "Order", payer: str, *, reject: bool) -> str:
    """Write the words by which what is ordered is proposed to a second officer."""
    words = ["pay", order.amount, order.currency, "--from", payer, "--to", order.payee, "--for", order.text]
    return shlex.join([*words, "--propose", *(["--reject"] if reject else [])])


def of_file(path: Path, terms: "Terms") -> str:
    """Write the words by which what a file asks for is proposed to a second officer."""
    options = {"--today": terms.today, "--evidence": terms.evidence, "--reject": terms.reject}
    return shlex.join(["payment", "propose", *(name for name, is_set in options.items() if is_set), str(path)])


def of_undertaking(order: "Order", payer: str, wanted: "Wanted") -> str:
    """Write the words by which what was to be taken on is proposed to a second officer."""
    named = wanted.named
    words = ["undertaking", "take-on", order.amount, order.currency, "--from", payer, "--to", order.payee]
    options = [
        ("--expires", wanted.expires),
        ("--not-before", wanted.not_before),
        *(("--released", each) for each in wanted.released),
        ("--title", wanted.title),
        ("--contract", named.contract),
        *(("--invoice", each) for each in named.invoices),
        *(("--declaration", each) for each in named.declarations),
        ("--bill", named.bill),
    ]
    given = [word for option in options if option[1] for word in option]
    return shlex.join([*words, *given, *(["--credit-waits"] if named.credit_waits else []), "--propose"])


def of_change(uetr: str, payer: str, wanted: "Changed") -> str:
    """Write the words by which a change is proposed to a second officer."""
    options = {"--amount": wanted.amount, "--not-before": wanted.not_before, "--expires": wanted.expires}
    given = [word for option in options.items() if option[1] for word in option]
    return shlex.join(["undertaking", "propose", uetr, *given, "--at", payer, "--propose"])


def of_tax(number: str, account: str, payer: str) -> str:
    """Write the words by which the payment of a declaration's tax is proposed to a second officer."""
    named = ["--account", account] if account else []
    return shlex.join(["customs", "pay", number, *named, "--at", payer, "--propose"])
