"""Messages of the protocol into records and back, by one rule: a field of a message has the name of the record's.

A converter is made once for each pair of message and record from their own descriptions. Few agents come again and
again, so what was made of one is remembered: equal bytes, equal record.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from msgspec.structs import replace

from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.parties import Agent
from settlement.payments.commands import Charge

S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", bound=Message)

_REMEMBERED: Final = 16_384
_REMEMBERED_BYTES: Final = 1024
"""How many parts are remembered, and how long one may be: whoever sends them decides what is in them."""
_PARTS_MAX: Final = 1000
"""How many records a list has at most; the rules know narrower limits."""
_BIC_LENGTHS: Final = (8, 11)
_TRANSACTION_ID: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_RECURRING: Final = (Agent,)


def require_known(message: Message) -> None:
    """Refuse (CH17) a message with fields that this version does not know, at any depth; they are removed."""
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != size:
        raise Refusal(Code.CH17, "unknown_field")


def read(message: Message, kind: type[S], **given: Any) -> S:
    """Make a record of a message; `given` fields stand in no message. A missing part is CH21, a false choice CH16."""
    message_class: Any = type(message)
    made: S = _reader(message_class, kind)(message, given)
    return made


def write(record: msgspec.Struct, message: type[M]) -> M:
    """Make a message of a record; fields that the message does not have are left out."""
    message_class: Any = message
    return message(**_writer(message_class, type(record))(record))


def charges(messages: Iterable[Message]) -> tuple[Charge, ...]:
    """Read a list of charges."""
    return _each(messages, lambda message: read(message, Charge))


def choice(kind: type[Enum], enumeration: Any, member: Enum | None) -> Any:
    """Give a record's choice as the number that an enumeration of the protocol has for it; 0 for none."""
    return 0 if member is None else _numbers(enumeration.DESCRIPTOR, kind)[member]


def chosen(kind: type[Enum], enumeration: Any, number: int, where: str) -> Any:
    """Give a record's choice; None for an unspecified one, CH16 for a number that this version does not know."""
    if number == 0:
        return None
    return _member(_members(enumeration.DESCRIPTOR, kind), number, where)


def known(enumeration: Any, number: int, where: str) -> None:
    """Refuse (CH16) a choice that this version does not know."""
    if number not in enumeration.values():
        raise Refusal(Code.CH16, where)


def normal_bic(text: str) -> str:
    """Give a BIC its eleven characters; what is not one stays as it is, for the checks to refuse."""
    return _normal_bic(text) if len(text) in _BIC_LENGTHS else text


@lru_cache(_REMEMBERED)
def _normal_bic(text: str) -> str:
    try:
        return identifiers.bic(text)
    except Refusal:
        return text


def transaction_id(text: str) -> str | None:
    """Read a transaction's id (64 hex digits); None for none, CH16 for what is none."""
    if text and not _TRANSACTION_ID.fullmatch(text):
        raise Refusal(Code.CH16, "transaction_id")
    return text or None


@cache
def _reader(message: Any, kind: type[msgspec.Struct]) -> Callable[[Message, dict[str, Any]], Any]:
    fields = message.DESCRIPTOR.fields_by_name
    known = {field.name: field for field in msgspec.structs.fields(kind) if field.name in fields}
    assert set(fields) == set(known), f"{kind.__name__} lacks {sorted(set(fields) - set(known))}"
    readings = {name: _reading(fields[name], field.type) for name, field in known.items()}
    by_field = {fields[name]: (name, convert) for name, convert in readings.items()}
    absent = {name: "" for name, field in known.items() if field.required and readings[name] is None}
    required = [name for name, field in known.items() if field.required and readings[name] is not None]

    def convert_message(value: Message, given: dict[str, Any]) -> Any:
        values = {**absent, **given}
        for field, part in value.ListFields():
            name, convert = by_field[field]
            try:
                values[name] = part if convert is None else convert(part)
            except Refusal as refusal:
                raise Refusal(refusal.code, f"{name}.{refusal.where}" if refusal.where else name) from None
        for name in required:
            if name not in values:
                raise Refusal(Code.CH21, name)
        return kind(**values)

    return convert_message


def _reading(field: Any, annotation: Any) -> Callable[[Any], Any] | None:
    """Say how one field is read; None: as it is."""
    target = _target(annotation)
    repeated = field.label == FieldDescriptor.LABEL_REPEATED
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        one = _part(_message_class(field), target)
        return (lambda parts: _each(parts, one)) if repeated else one
    if field.type == FieldDescriptor.TYPE_ENUM:
        members = _members(field.enum_type, target)
        return lambda number: _member(members, number, "")
    return tuple if repeated else None


def _each(parts: Any, one: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Read each part; CH17 where there are more than any rule allows, before any is read."""
    if len(parts) > _PARTS_MAX:
        raise Refusal(Code.CH17, "")
    found = []
    for place, part in enumerate(parts):
        try:
            found.append(one(part))
        except Refusal as refusal:
            raise Refusal(refusal.code, f"{place}.{refusal.where}" if refusal.where else str(place)) from None
    return tuple(found)


def _part(message: Any, kind: type[msgspec.Struct]) -> Callable[[Message], Any]:
    convert = _reader(message, kind)
    if kind not in _RECURRING:
        return lambda part: convert(part, {})

    def made(data: bytes) -> Any:
        record = convert(message.FromString(data), {})
        return replace(record, bic=normal_bic(record.bic)) if isinstance(record, Agent) else record

    remembered = lru_cache(_REMEMBERED)(made)

    def read_part(part: Message) -> Any:
        data = part.SerializeToString()
        return remembered(data) if len(data) <= _REMEMBERED_BYTES else made(data)

    return read_part


@cache
def _writer(message: Any, kind: type[msgspec.Struct]) -> Callable[[Any], dict[str, Any]]:
    fields = message.DESCRIPTOR.fields_by_name
    conversions = {
        field.name: _writing(fields[field.name], field.type)
        for field in msgspec.structs.fields(kind)
        if field.name in fields
    }

    def convert_record(record: Any) -> dict[str, Any]:
        values = {}
        for name, convert in conversions.items():
            value = getattr(record, name)
            if value:
                values[name] = value if convert is None else convert(value)
        return values

    return convert_record


def _writing(field: Any, annotation: Any) -> Callable[[Any], Any] | None:
    """Say how one field is written; None: as it is."""
    target = _target(annotation)
    repeated = field.label == FieldDescriptor.LABEL_REPEATED
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        message = _message_class(field)
        if repeated:
            return lambda parts: [write(part, message) for part in parts]
        return lambda part: write(part, message)
    if field.type == FieldDescriptor.TYPE_ENUM:
        numbers = _numbers(field.enum_type, target)
        return lambda member: numbers[member]
    return None


def _target(annotation: Any) -> Any:
    """Find the record or choice within `X`, `X | None` or `tuple[X, ...]`."""
    found = annotation
    while not isinstance(found, type) or hasattr(found, "__args__"):
        found = next(each for each in found.__args__ if each not in (type(None), Ellipsis))
    return found


def _message_class(field: Any) -> Any:
    return GetMessageClass(field.message_type)


@cache
def _numbers(enumeration: Any, kind: type[Enum]) -> dict[Enum, int]:
    """Map choices to numbers: member WAITING of CreditStatus is CREDIT_STATUS_WAITING."""
    prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enumeration.name).upper()
    return {member: enumeration.values_by_name[f"{prefix}_{member.name}"].number for member in kind}


@cache
def _members(enumeration: Any, kind: type[Enum]) -> dict[int, Enum]:
    return {number: member for member, number in _numbers(enumeration, kind).items()}


def _member(members: dict[int, Enum], number: int, where: str) -> Enum:
    member = members.get(number)
    if member is None:
        raise Refusal(Code.CH16, where)
    return member
