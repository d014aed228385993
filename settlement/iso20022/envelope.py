"""The bytes of a message: one plain XML document in UTF-8, with a message that we know in it.

A message is a `Document`, alone or after its business application header (`AppHdr`) in an envelope element of any
name. Anything else is FF01. The parser is given nothing to do but parse: a document with a DTD is refused before it
is parsed, so there are no entities to expand and nothing to fetch.
"""

import re
from typing import Any, Final, NamedTuple

from lxml import etree

from settlement.errors import Code
from settlement.iso20022.refusal import MessageRefusal, Violation
from settlement.iso20022.structure import XML_SPACE, local_name

SIZE_MAX_BYTES: Final = 1 << 20
NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
HEADER: Final = "head.001.001.02"

_DECLARATION: Final = re.compile(
    r"""\ufeff?<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["']"""
    r"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'](?i:utf-8|us-ascii)["'])?"""
    r"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
).match
_SCHEMA_HINTS: Final = frozenset(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation")
)
"""Attributes that tell a validator where a schema may be found. We have ours, and do not look."""


class Envelope(NamedTuple):
    """The two parts of a message, and the name of the message (`pacs.008.001.08`)."""

    header: Any
    """The AppHdr element, or None."""
    document: Any
    name: str


def open_envelope(data: bytes) -> Envelope:
    """Parse a message's bytes; refuse (FF01) what is not one message of at most 1 MiB in plain XML."""
    if len(data) > SIZE_MAX_BYTES:
        raise _refused("size", "The message is larger than 1 MiB.")
    tree = _parse(data)
    header, document = _parts(tree)
    for element in (tree, header, document):
        if element is not None:
            _only_schema_hints(element)
    if header is not None and header.tag != f"{{{NAMESPACE}{HEADER}}}AppHdr":
        raise _refused("header", "The business application header is not of the version in use.", "/AppHdr")
    return Envelope(header, document, _message_name(document))


def _parse(data: bytes) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused("encoding", "The message is not UTF-8.") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _refused("dtd", "A document type declaration is not allowed.")
    if text.startswith(("<?xml ", "<?xml\t", "<?xml\r", "<?xml\n", "\ufeff<?xml")) and not _DECLARATION(text):
        raise _refused("encoding", "The message is not declared as XML 1.0 in UTF-8.")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, dtd_validation=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _refused("xml", "The message is not well-formed XML.") from None


def _parts(tree: Any) -> tuple[Any, Any]:
    """Find AppHdr and Document: the root itself, or the only children of the root, in this order."""
    if local_name(tree) == "Document":
        return None, tree
    children = [child for child in tree if isinstance(child.tag, str)]
    names = [local_name(child) for child in children]
    strays = [tree.text, *(child.tail for child in tree)]
    if any(text and text.strip(XML_SPACE) for text in strays):
        raise _refused("envelope", "Text stands in the envelope.")
    if names == ["AppHdr", "Document"]:
        return children[0], children[1]
    if names == ["Document"]:
        return None, children[0]
    raise _refused("envelope", "The envelope does not hold one message: at most one AppHdr, then one Document.")


def _only_schema_hints(element: Any) -> None:
    if any(name not in _SCHEMA_HINTS for name in element.attrib):
        raise _refused("envelope", "An unknown attribute stands on an outer element.", f"/{local_name(element)}")
    element.attrib.clear()


def _message_name(document: Any) -> str:
    namespace = document.tag.rpartition("}")[0].removeprefix("{")
    if not namespace.startswith(NAMESPACE):
        raise _refused("message", "The document's namespace is not one of ISO 20022 messages.", "/Document")
    return str(namespace.removeprefix(NAMESPACE))


def _refused(rule: str, sentence: str, path: str = "") -> MessageRefusal:
    return MessageRefusal([Violation(Code.FF01, f"waitan:{rule}", path, sentence)])
