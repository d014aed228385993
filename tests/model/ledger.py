"""A model of the ledger: what the contracts should answer, said again as simply as it can be said.

Each method of `ModelLedger` has a command's facts, says what speaks against it, in order of precedence, and does it.
Amounts are in minor units of the one currency there is; days are counted from the first.
"""

from dataclasses import dataclass, field

from tests.model.playing import unless

OPEN, CUT_OFF, CLOSED = "OPEN", "CUT_OFF", "CLOSED"

# A step of an issuance or redemption: the states it leads from and to, and for each unit of its amount what it adds to
# the account (posted, reserved) and the totals (issued, redeemed). Ends are states of requests that are over.
STEPS = {
    ("issuance", "confirm"): ({"REQUESTED"}, "CONFIRMED", 0, 0, 0, 0),
    ("issuance", "approve"): ({"CONFIRMED"}, "ISSUED", 1, 0, 1, 0),
    ("issuance", "decline"): ({"REQUESTED", "CONFIRMED"}, "DECLINED", 0, 0, 0, 0),
    ("redemption", "confirm"): ({"REQUESTED"}, "CONFIRMED", 0, 0, 0, 0),
    ("redemption", "approve"): ({"CONFIRMED"}, "BURNED", -1, -1, 0, 1),
    ("redemption", "decline"): ({"REQUESTED", "CONFIRMED"}, "DECLINED", 0, -1, 0, 0),
    ("redemption", "pay out"): ({"BURNED"}, "PAID_OUT", 0, 0, 0, 0),
    ("redemption", "fail"): ({"BURNED"}, "FAILED", 1, 0, 0, -1),
}
ENDS = {"ISSUED", "DECLINED", "PAID_OUT", "FAILED"}


@dataclass
class Bank:
    """One bank and its one account."""

    posted: int = 0
    reserved: int = 0
    open_items: int = 0
    state: str = "ACTIVE"
    may_be_credited: bool = False
    is_blocked: bool = False

    def lacks(self, amount: int) -> bool:
        return self.posted - self.reserved < amount

    def may_receive(self) -> bool:
        return self.state == "ACTIVE" or (self.state == "SUSPENDED" and self.may_be_credited)


@dataclass
class Payment:
    """A payment; one that waits can settle from one day to another, of any other these are 0."""

    payer: Bank
    payee: Bank
    amount: int
    starts: int = 0
    ends: int = 0
    state: str = "RESERVED"
    returned: int = 0

    def is_stopped(self) -> bool:
        return self.payer.is_blocked or self.payee.is_blocked

    def settle(self) -> None:
        self.payer.reserved -= self.amount
        self.payer.posted -= self.amount
        self.payee.posted += self.amount
        self.state = "SETTLED"


@dataclass
class Request:
    """An issuance or a redemption."""

    kind: str
    bank: Bank
    amount: int
    state: str = "REQUESTED"
    maker: str = ""


@dataclass
class ModelLedger:
    banks: dict[str, Bank]
    issued: int
    redeemed: int = 0
    day: int = 0
    day_state: str = OPEN
    payments: dict[str, Payment] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)

    def pay(self, uetr: str, payment: Payment, *, refuse: bool, day: int) -> None:
        payer, payee = payment.payer, payment.payee
        unless(
            AG10=payer.state != "ACTIVE",
            CNOR=payer is payee or payee.state == "EXITED",
            DT04=day > self.day,
            UNFUNDED=refuse and payer.lacks(payment.amount),
            DS24=0 < payment.ends < self.day,
            DT01=day < self.day,
            TM01=self.day_state != OPEN,
            AG11=not payee.may_receive(),
            AC06=payment.is_stopped(),
            AM04=payer.lacks(payment.amount),
        )
        self.payments[uetr] = payment
        payer.reserved += payment.amount
        if payment.starts <= self.day:
            payment.settle()

    def settle(self, payment: Payment, asker: Bank) -> None:
        unless(
            AG10=asker.state != "ACTIVE",
            MOVE_NOT_ALLOWED=payment.state != "RESERVED",
            DS24=self.day > payment.ends,
            RR04=self.day < payment.starts,
            ACCOUNT_NOT_USABLE=payment.is_stopped() or not payment.payee.may_receive(),
            DAY_CLOSED=self.day_state != OPEN,
        )
        payment.settle()

    def give_back(self, payment: Payment, asker: Bank) -> None:
        is_over = payment.state == "RESERVED" and self.day > payment.ends
        unless(AG10=asker.state == "EXITED", MOVE_NOT_ALLOWED=not is_over)
        payment.payer.reserved -= payment.amount
        payment.state = "EXPIRED"

    def change(self, payment: Payment, asker: Bank, amount: int, *, is_agreed: bool) -> None:
        unless(
            AG10=asker.state != "ACTIVE",
            MOVE_NOT_ALLOWED=payment.state != "RESERVED",
            DS24=self.day > payment.ends,
            AM09=amount >= payment.amount,
        )
        if is_agreed:
            payment.payer.reserved -= payment.amount - amount
            payment.amount, payment.state = amount or payment.amount, "RESERVED" if amount else "VOIDED"

    def confirm(self, payment: Payment) -> None:
        unless(AG10=payment.payee.state == "EXITED", MOVE_NOT_ALLOWED=payment.returned == payment.amount)

    def send_back(self, payment: Payment, amount: int) -> None:
        unless(
            AG10=payment.payee.state != "ACTIVE",
            AM09=amount > payment.amount - payment.returned,
            ACCOUNT_NOT_USABLE=payment.is_stopped() or not payment.payer.may_receive(),
            DAY_CLOSED=self.day_state == CLOSED,
            UNFUNDED=payment.payee.lacks(amount),
        )
        payment.payee.posted -= amount
        payment.payer.posted += amount
        payment.returned += amount

    def request(self, name: str, request: Request) -> None:
        bank, reserved = request.bank, request.amount if request.kind == "redemption" else 0
        unless(
            AG10=bank.state != "ACTIVE",
            ACCOUNT_NOT_USABLE=bank.is_blocked,
            DAY_CLOSED=request.kind == "redemption" and self.day_state == CLOSED,
            UNFUNDED=bool(reserved) and bank.lacks(reserved),
        )
        bank.reserved, bank.open_items = bank.reserved + reserved, bank.open_items + 1
        self.requests[name] = request

    def work_on(self, request: Request, step: str, officer: str) -> None:
        before, after, posted, reserved, issued, redeemed = STEPS[request.kind, step]
        bank, approves = request.bank, step == "approve"
        unless(
            SAME_SIGNER=approves and request.maker == officer,
            MOVE_NOT_ALLOWED=request.state not in before,
            ACCOUNT_NOT_USABLE=approves
            and (bank.is_blocked or not (request.kind == "redemption" or bank.may_receive())),
        )
        bank.posted, bank.reserved = bank.posted + posted * request.amount, bank.reserved + reserved * request.amount
        self.issued, self.redeemed = self.issued + issued * request.amount, self.redeemed + redeemed * request.amount
        request.state, request.maker = after, officer if step == "confirm" else request.maker
        bank.open_items -= after in ENDS

    def turn(self, before: str, after: str) -> None:
        unless(MOVE_NOT_ALLOWED=self.day_state != before)
        self.day_state, self.day = after, self.day + (after == OPEN)

    def move(self, bank: Bank, before: str, after: str, *, may_be_credited: bool = False) -> None:
        holds_something = bool(bank.posted or bank.reserved or bank.open_items)
        unless(BALANCE_NOT_ZERO=after == "EXITED" and holds_something, MOVE_NOT_ALLOWED=bank.state != before)
        bank.state, bank.may_be_credited = after, may_be_credited

    def block(self, bank: Bank, *, blocked: bool) -> None:
        unless(MOVE_NOT_ALLOWED=bank.is_blocked is blocked)
        bank.is_blocked = blocked
