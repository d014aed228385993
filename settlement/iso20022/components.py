"""Parties, agents, accounts, addresses and charges: the models of a message, and the records of a command.

Reading is total: for any model that the structure check let through there is a record, and what is wrong with it
is for `settlement.payments.checks` to say. Writing takes the message's module of models, since each message has
classes of its own for the same things.
"""

from typing import Any, Final

from xsdata.models.datatype import XmlDate, XmlDateTime

from settlement import dates, identifiers, money
from settlement.errors import Code, Refusal
from settlement.parties import Agent, CashAccount, OtherIdentification, Party, PostalAddress
from settlement.payments.commands import Charge

USCC: Final = "USCC"
"""The proprietary scheme under which a unified social credit code stands in a message."""


def bic11(text: str | None) -> str:
    """Give a BIC in its normal form; what is not one stays as it is, for the checks to refuse."""
    if not text:
        return ""
    try:
        return identifiers.bic(text)
    except Refusal:
        return text


def amount(model: Any) -> tuple[str, str]:
    """Give an amount with exactly its currency's decimals, and the currency; both empty if it is absent.

    What has no such form (too many decimals, an unknown currency) stays as it is, for the checks to refuse.
    """
    if model is None:
        return "", ""
    text = format(model.value, "f")
    try:
        return money.render(money.parse(text, model.ccy), model.ccy), model.ccy
    except Refusal as refusal:
        return (money.render(0, model.ccy) if refusal.code is Code.AM01 else text), model.ccy


def moment(model: XmlDateTime | None) -> str:
    """Give a moment in UTC with milliseconds; one without an offset stays as it is, for the checks to refuse."""
    if model is None:
        return ""
    try:
        return dates.render(dates.moment(str(model)))
    except Refusal:
        return str(model)


def day(model: XmlDate | None) -> str:
    """Give a date as YYYY-MM-DD."""
    return "" if model is None else str(model)


def code(choice: Any) -> str:
    """Give the code of a choice between code and proprietary text (the latter is not carried)."""
    return "" if choice is None else choice.cd or ""


def value(enumeration: Any) -> str:
    """Give the text of an enumeration."""
    return "" if enumeration is None else str(enumeration.value)


def address(model: Any) -> PostalAddress | None:
    """Read a PostalAddress24."""
    if model is None:
        return None
    return PostalAddress(
        department=model.dept or "",
        sub_department=model.sub_dept or "",
        street_name=model.strt_nm or "",
        building_number=model.bldg_nb or "",
        building_name=model.bldg_nm or "",
        floor=model.flr or "",
        post_box=model.pst_bx or "",
        room=model.room or "",
        post_code=model.pst_cd or "",
        town_name=model.twn_nm or "",
        town_location_name=model.twn_lctn_nm or "",
        district_name=model.dstrct_nm or "",
        country_sub_division=model.ctry_sub_dvsn or "",
        country=model.ctry or "",
        address_line=tuple(model.adr_line),
    )


def party(model: Any) -> Party | None:
    """Read a PartyIdentification135."""
    if model is None:
        return None
    organisation = model.id.org_id if model.id is not None else None
    person = model.id.prvt_id if model.id is not None else None
    others = [_other(each) for each in organisation.othr] if organisation is not None else []
    uscc = next((each for each in others if each == _as_uscc(each.identification)), None)
    if uscc is not None:
        others.remove(uscc)
    return Party(
        name=model.nm or "",
        address=address(model.pstl_adr),
        any_bic=bic11(organisation.any_bic) if organisation is not None else "",
        lei=(organisation.lei or "") if organisation is not None else "",
        uscc=uscc.identification if uscc is not None else "",
        organisation_ids=tuple(others),
        person_ids=tuple(_other(each) for each in person.othr) if person is not None else (),
        country_of_residence=model.ctry_of_res or "",
    )


def _as_uscc(identification: str) -> OtherIdentification:
    return OtherIdentification(identification=identification, proprietary_scheme=USCC)


def _other(model: Any) -> OtherIdentification:
    scheme = model.schme_nm
    return OtherIdentification(
        identification=model.id,
        scheme=code(scheme),
        proprietary_scheme=(scheme.prtry or "") if scheme is not None else "",
        issuer=model.issr or "",
    )


def agent(model: Any) -> Agent | None:
    """Read a BranchAndFinancialInstitutionIdentification6."""
    if model is None:
        return None
    institution = model.fin_instn_id
    member = institution.clr_sys_mmb_id
    return Agent(
        bic=bic11(institution.bicfi),
        lei=institution.lei or "",
        clearing_system=code(member.clr_sys_id) if member is not None else "",
        clearing_member=member.mmb_id if member is not None else "",
        name=institution.nm or "",
        address=address(institution.pstl_adr),
    )


def agent_bic(model: Any) -> str:
    """Read the BIC of an agent that is known by it alone."""
    return "" if model is None else bic11(model.fin_instn_id.bicfi)


def account(model: Any) -> CashAccount | None:
    """Read a CashAccount38."""
    if model is None:
        return None
    other = model.id.othr
    return CashAccount(
        iban=model.id.iban or "",
        other=other.id if other is not None else "",
        other_scheme=code(other.schme_nm) if other is not None else "",
        other_issuer=(other.issr or "") if other is not None else "",
        type_code=code(model.tp),
        currency=model.ccy or "",
        name=model.nm or "",
    )


def charges(models: list[Any]) -> tuple[Charge, ...]:
    """Read a list of Charges7."""
    read = []
    for model in models:
        text, currency = amount(model.amt)
        read.append(Charge(amount=text, currency=currency, agent=agent(model.agt) or Agent(bic="")))
    return tuple(read)


class Writer:
    """Makes models of one message out of records."""

    def __init__(self, models: Any) -> None:
        self._models = models

    def address(self, record: PostalAddress | None) -> Any:
        """Write a PostalAddress24."""
        if record is None:
            return None
        return self._models.PostalAddress24(
            dept=record.department or None,
            sub_dept=record.sub_department or None,
            strt_nm=record.street_name or None,
            bldg_nb=record.building_number or None,
            bldg_nm=record.building_name or None,
            flr=record.floor or None,
            pst_bx=record.post_box or None,
            room=record.room or None,
            pst_cd=record.post_code or None,
            twn_nm=record.town_name or None,
            twn_lctn_nm=record.town_location_name or None,
            dstrct_nm=record.district_name or None,
            ctry_sub_dvsn=record.country_sub_division or None,
            ctry=record.country or None,
            adr_line=list(record.address_line),
        )

    def party(self, record: Party | None) -> Any:
        """Write a PartyIdentification135."""
        if record is None:
            return None
        models = self._models
        return models.PartyIdentification135(
            nm=record.name or None,
            pstl_adr=self.address(record.address),
            id=self._identification(record),
            ctry_of_res=record.country_of_residence or None,
        )

    def _identification(self, record: Party) -> Any:
        models = self._models
        organisation = record.organisation_ids
        if record.uscc:
            organisation = (_as_uscc(record.uscc), *organisation)
        if record.any_bic or record.lei or organisation:
            return models.Party38Choice(
                org_id=models.OrganisationIdentification29(
                    any_bic=record.any_bic or None,
                    lei=record.lei or None,
                    othr=[
                        self._other(
                            each,
                            models.GenericOrganisationIdentification1,
                            models.OrganisationIdentificationSchemeName1Choice,
                        )
                        for each in organisation
                    ],
                )
            )
        if record.person_ids:
            return models.Party38Choice(
                prvt_id=models.PersonIdentification13(
                    othr=[
                        self._other(
                            each, models.GenericPersonIdentification1, models.PersonIdentificationSchemeName1Choice
                        )
                        for each in record.person_ids
                    ]
                )
            )
        return None

    @staticmethod
    def _other(record: OtherIdentification, generic: Any, scheme: Any) -> Any:
        named = record.scheme or record.proprietary_scheme
        return generic(
            id=record.identification,
            schme_nm=scheme(cd=record.scheme or None, prtry=record.proprietary_scheme or None) if named else None,
            issr=record.issuer or None,
        )

    def agent(self, record: Agent | None) -> Any:
        """Write a BranchAndFinancialInstitutionIdentification6."""
        if record is None:
            return None
        models = self._models
        member = None
        if record.clearing_member:
            member = models.ClearingSystemMemberIdentification2(
                clr_sys_id=self._clearing_system(record.clearing_system), mmb_id=record.clearing_member
            )
        return models.BranchAndFinancialInstitutionIdentification6(
            fin_instn_id=models.FinancialInstitutionIdentification18(
                bicfi=record.bic or None,
                clr_sys_mmb_id=member,
                lei=record.lei or None,
                nm=record.name or None,
                pstl_adr=self.address(record.address),
            )
        )

    def _clearing_system(self, system: str) -> Any:
        return self._models.ClearingSystemIdentification2Choice(cd=system) if system else None

    def account(self, record: CashAccount | None) -> Any:
        """Write a CashAccount38."""
        if record is None:
            return None
        models = self._models
        other = None
        if record.other:
            scheme = models.AccountSchemeName1Choice(cd=record.other_scheme) if record.other_scheme else None
            other = models.GenericAccountIdentification1(
                id=record.other, schme_nm=scheme, issr=record.other_issuer or None
            )
        return models.CashAccount38(
            id=models.AccountIdentification4Choice(iban=record.iban or None, othr=other),
            tp=models.CashAccountType2Choice(cd=record.type_code) if record.type_code else None,
            ccy=record.currency or None,
            nm=record.name or None,
        )

    def amount(self, text: str, currency: str) -> Any:
        """Write an amount that may be in any currency."""
        return self._models.ActiveOrHistoricCurrencyAndAmount(value=text, ccy=currency) if text else None

    def charges(self, records: tuple[Charge, ...]) -> list[Any]:
        """Write a list of Charges7."""
        return [
            self._models.Charges7(amt=self.amount(each.amount, each.currency), agt=self.agent(each.agent))
            for each in records
        ]
