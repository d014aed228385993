"""A model becomes XML: elements in the schema's order, by the same compiled shapes that reading uses.

Texts go out as they stand in the record, so an amount keeps its decimals and a date its form. Nothing is pretty:
a document is one line of UTF-8.
"""

from decimal import Decimal
from enum import Enum
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from settlement.iso20022.envelope import HEADER, NAMESPACE
from settlement.iso20022.structure import shape_of


def message(name: str, document: Any, header: Any = None) -> bytes:
    """Write a document, in an envelope after its header if there is one. `name` is such as `pacs.008.001.08`."""
    written: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    if header is not None:
        written.append(f'<Message><AppHdr xmlns="{NAMESPACE}{HEADER}">')
        _content(header, written)
        written.append("</AppHdr>")
    written.append(f'<Document xmlns="{NAMESPACE}{name}">')
    _content(document, written)
    written.append("</Document>" if header is None else "</Document></Message>")
    return "".join(written).encode()


def _content(model: Any, written: list[str]) -> None:
    for part in shape_of(type(model)).parts.values():
        value = getattr(model, part.attribute)
        if value is None:
            continue
        for each in value if part.is_list else (value,):
            _element(part.name, each, written)


def _element(name: str, value: Any, written: list[str]) -> None:
    if not hasattr(value, "__dataclass_fields__"):
        written.append(f"<{name}>{escape(_text(value))}</{name}>")
        return
    shape = shape_of(type(value))
    attributes = "".join(
        f" {part.name}={quoteattr(_text(getattr(value, part.attribute)))}" for part in shape.attributes.values()
    )
    written.append(f"<{name}{attributes}>")
    if shape.content is not None:
        written.append(escape(_text(getattr(value, shape.content.attribute))))
    else:
        _content(value, written)
    written.append(f"</{name}>")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
