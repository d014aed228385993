"""A model of the ledger: what the contracts should answer, said again as simply as it can be said."""

from dataclasses import dataclass, field

OPEN, CUT_OFF, CLOSED = "OPEN", "CUT_OFF", "CLOSED"


@dataclass
class Bank:
    """One bank and its one account, in minor units."""

    posted: int = 0
    reserved: int = 0
    open_items: int = 0
    state: str = "ACTIVE"
    may_be_credited: bool = False
    is_blocked: bool = False

    @property
    def available(self) -> int:
        return self.posted - self.reserved

    @property
    def is_creditable(self) -> bool:
        return self.state == "ACTIVE" or (self.state == "SUSPENDED" and self.may_be_credited)


@dataclass
class Payment:
    """A settled payment."""

    payer: str
    payee: str
    amount: int
    returned: int = 0


@dataclass
class Hold:
    """A conditional payment: it can settle from one day to another."""

    payer: str
    payee: str
    amount: int
    first: int
    last: int
    state: str = "RESERVED"


@dataclass
class Request:
    """An issuance or a redemption."""

    bank: str
    amount: int
    state: str = "REQUESTED"
    maker: str = ""


@dataclass
class ModelLedger:
    """Every method takes a command's facts, gives the code it should be answered with, and does what it does."""

    banks: dict[str, Bank]
    issued: int
    day: int = 0
    day_state: str = OPEN
    redeemed: int = 0
    requests: dict[str, Request] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)

    def pay(
        self, uetr: str, payer: str, payee: str, amount: int, *, refuse: bool, day: int, terms: tuple[int, int] = (0, 0)
    ) -> str:
        debit, credit = self.banks[payer], self.banks[payee]
        if debit.state != "ACTIVE":
            return "AG10"
        if payer == payee or credit.state == "EXITED":
            return "CNOR"
        if day > self.day:
            return "DT04"
        if refuse and debit.available < amount:
            return "UNFUNDED"
        if any(terms) and terms[1] < self.day:
            return "DS24"
        rejected = self._rejected(debit, credit, amount, day)
        if rejected:
            return rejected
        if terms[0] > self.day:
            debit.reserved += amount
            self.holds[uetr] = Hold(payer, payee, amount, *terms)
        else:
            debit.posted, credit.posted = debit.posted - amount, credit.posted + amount
            self.payments[uetr] = Payment(payer, payee, amount)
        return ""

    def _rejected(self, debit: Bank, credit: Bank, amount: int, day: int) -> str:
        if day < self.day:
            return "DT01"
        if self.day_state != OPEN:
            return "TM01"
        if not credit.is_creditable:
            return "AG11"
        if debit.is_blocked or credit.is_blocked:
            return "AC06"
        return "AM04" if debit.available < amount else ""

    def settle(self, uetr: str, asker: str) -> str:
        hold = self.holds[uetr]
        debit, credit = self.banks[hold.payer], self.banks[hold.payee]
        if self.banks[asker].state != "ACTIVE":
            return "AG10"
        if hold.state != "RESERVED":
            return "MOVE_NOT_ALLOWED"
        if self.day > hold.last:
            return "DS24"
        if self.day < hold.first:
            return "RR04"
        if not credit.is_creditable or debit.is_blocked or credit.is_blocked:
            return "ACCOUNT_NOT_USABLE"
        if self.day_state != OPEN:
            return "DAY_CLOSED"
        debit.posted, credit.posted = debit.posted - hold.amount, credit.posted + hold.amount
        debit.reserved, hold.state = debit.reserved - hold.amount, "SETTLED"
        self.payments[uetr] = Payment(hold.payer, hold.payee, hold.amount)
        return ""

    def give_back(self, uetr: str, asker: str) -> str:
        hold = self.holds[uetr]
        if self.banks[asker].state == "EXITED":
            return "AG10"
        if hold.state != "RESERVED" or self.day <= hold.last:
            return "MOVE_NOT_ALLOWED"
        self.banks[hold.payer].reserved -= hold.amount
        hold.state = "EXPIRED"
        return ""

    def change(self, uetr: str, asker: str, *, amount: int, is_agreed: bool) -> str:
        hold = self.holds[uetr]
        if self.banks[asker].state != "ACTIVE":
            return "AG10"
        if hold.state != "RESERVED":
            return "MOVE_NOT_ALLOWED"
        if self.day > hold.last:
            return "DS24"
        if amount >= hold.amount:
            return "AM09"
        if is_agreed:
            self.banks[hold.payer].reserved -= hold.amount - amount
            hold.amount, hold.state = amount or hold.amount, "RESERVED" if amount else "VOIDED"
        return ""

    def confirm(self, uetr: str) -> str:
        payment = self.payments[uetr]
        if self.banks[payment.payee].state == "EXITED":
            return "AG10"
        return "MOVE_NOT_ALLOWED" if payment.returned == payment.amount else ""

    def send_back(self, uetr: str, amount: int) -> str:
        payment = self.payments[uetr]
        debit, credit = self.banks[payment.payee], self.banks[payment.payer]
        if debit.state != "ACTIVE":
            return "AG10"
        if amount > payment.amount - payment.returned:
            return "AM09"
        if not credit.is_creditable or debit.is_blocked or credit.is_blocked:
            return "ACCOUNT_NOT_USABLE"
        if self.day_state == CLOSED:
            return "DAY_CLOSED"
        if debit.available < amount:
            return "UNFUNDED"
        debit.posted, credit.posted = debit.posted - amount, credit.posted + amount
        payment.returned += amount
        return ""

    def request(self, name: str, bank: str, amount: int, *, redemption: bool) -> str:
        asker = self.banks[bank]
        if asker.state != "ACTIVE":
            return "AG10"
        if asker.is_blocked:
            return "ACCOUNT_NOT_USABLE"
        if redemption and self.day_state == CLOSED:
            return "DAY_CLOSED"
        if redemption and asker.available < amount:
            return "UNFUNDED"
        asker.reserved += amount if redemption else 0
        asker.open_items += 1
        self.requests[name] = Request(bank, amount)
        return ""

    def check(self, name: str, officer: str) -> str:
        request = self.requests[name]
        if request.state != "REQUESTED":
            return "MOVE_NOT_ALLOWED"
        request.state, request.maker = "CONFIRMED", officer
        return ""

    def approve(self, name: str, officer: str, *, redemption: bool) -> str:
        request = self.requests[name]
        bank = self.banks[request.bank]
        if officer == request.maker:
            return "SAME_SIGNER"
        if request.state != "CONFIRMED":
            return "MOVE_NOT_ALLOWED"
        if bank.is_blocked or not (redemption or bank.is_creditable):
            return "ACCOUNT_NOT_USABLE"
        if redemption:
            bank.posted, bank.reserved = bank.posted - request.amount, bank.reserved - request.amount
            self.redeemed += request.amount
        else:
            bank.posted, bank.open_items = bank.posted + request.amount, bank.open_items - 1
            self.issued += request.amount
        request.state = "BURNED" if redemption else "ISSUED"
        return ""

    def decline(self, name: str, *, redemption: bool) -> str:
        request = self.requests[name]
        if request.state not in {"REQUESTED", "CONFIRMED"}:
            return "MOVE_NOT_ALLOWED"
        bank = self.banks[request.bank]
        bank.reserved -= request.amount if redemption else 0
        bank.open_items, request.state = bank.open_items - 1, "DECLINED"
        return ""

    def end(self, name: str, *, is_paid: bool) -> str:
        request = self.requests[name]
        if request.state != "BURNED":
            return "MOVE_NOT_ALLOWED"
        bank = self.banks[request.bank]
        if not is_paid:
            bank.posted, self.redeemed = bank.posted + request.amount, self.redeemed - request.amount
        bank.open_items, request.state = bank.open_items - 1, "PAID_OUT" if is_paid else "FAILED"
        return ""

    def turn(self, *, before: str, after: str) -> str:
        if self.day_state != before:
            return "MOVE_NOT_ALLOWED"
        self.day_state, self.day = after, self.day + (after == OPEN)
        return ""

    def move(self, name: str, *, before: set[str], after: str, may_be_credited: bool = False) -> str:
        bank = self.banks[name]
        if after == "EXITED" and (bank.posted or bank.reserved or bank.open_items):
            return "BALANCE_NOT_ZERO"
        if bank.state not in before:
            return "MOVE_NOT_ALLOWED"
        bank.state, bank.may_be_credited = after, may_be_credited
        return ""

    def block(self, name: str, *, blocked: bool) -> str:
        if self.banks[name].is_blocked is blocked:
            return "MOVE_NOT_ALLOWED"
        self.banks[name].is_blocked = blocked
        return ""
