"""The structure of a message, checked on the XML tree and turned into the model in one walk.

The models' own metadata say what the schema allows: order, occurrence, choices, attributes, facets. They are compiled
once, class by class as documents bring them up, into a `Shape`; an `ElementPlace` is a shape at one element path.
The parser that comes with the models is not used: it accepts elements out of order, both branches of a choice, stray
text, `1e3` and full-width digits, and takes ten times as long. That both give equal models for the same valid document
is a test; that the compiled shapes say what the published schemas say is another.
"""

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from lxml import etree

from settlement.errors import Code
from settlement.iso20022.lexical import Converter, converter
from settlement.iso20022.refusal import LISTED_MAX, Violation

XML_SPACE: Final = " \t\r\n"
UNBOUNDED: Final = sys.maxsize


class Part(NamedTuple):
    """One element (or attribute) of a shape: where it stands and how often, and what it is."""

    position: int
    name: str
    attribute: str
    """The model's name for it."""
    at_least: int
    at_most: int
    is_list: bool
    kind: type
    convert: Converter | None
    """For simple content; None for an element with elements of its own."""


class Shape:
    """What the schema says of one complex type, compiled from the metadata of its model."""

    __slots__ = ("attributes", "bounded", "choice", "content", "model", "opaque", "parts", "required")

    def __init__(self, model: type) -> None:
        self.model = model
        self.choice = model.__name__.endswith("Choice")
        self.parts: dict[str, Part] = {}
        self.attributes: dict[str, Part] = {}
        self.content: Part | None = None
        self.opaque = ""
        """The model's name for a wildcard: content of any other namespace."""
        hints = get_type_hints(model)
        # A document without a prefix in its metadata takes the namespace of its root class.
        default: str = getattr(getattr(model, "Meta", None), "namespace", "")
        for position, field in enumerate(fields(model)):
            metadata: Mapping[str, Any] = field.metadata
            self._add(position, field.name, hints[field.name], metadata, metadata.get("namespace", default))
        self.required = tuple(part for part in self.parts.values() if part.at_least)
        self.bounded = tuple(part for part in self.parts.values() if part.is_list and part.at_most < UNBOUNDED)

    def _add(self, position: int, attribute: str, hint: Any, metadata: Mapping[str, Any], namespace: str) -> None:
        kind, is_list = _kind(hint)
        at_most = metadata.get("max_occurs", UNBOUNDED) if is_list else 1
        at_least = metadata.get("min_occurs", 1 if metadata.get("required") else 0)
        convert = None if is_dataclass(kind) or kind is object else converter(kind, metadata)
        name = metadata.get("name", "")
        part = Part(position, name, attribute, at_least, at_most, is_list, kind, convert)
        match metadata.get("type"):
            case "Element":
                self.parts[f"{{{namespace}}}{name}"] = part
            case "Attribute":
                self.attributes[name] = part
            case "Wildcard":
                self.opaque = attribute
            case _:
                self.content = part


def _kind(hint: Any) -> tuple[type, bool]:
    """Give the class behind `X`, `None | X` or `list[X]`, and whether it is a list."""
    if get_origin(hint) is list:
        return get_args(hint)[0], True
    if get_origin(hint) in (Union, UnionType):
        (kind,) = (each for each in get_args(hint) if each is not NoneType)
        return kind, False
    return hint, False


_SHAPES: Final[dict[type, Shape]] = {}


def shape_of(model: type) -> Shape:
    """Give the compiled shape of a model class, remembered."""
    shape = _SHAPES.get(model)
    if shape is None:
        shape = _SHAPES[model] = Shape(model)
    return shape


class ElementPlace:
    """A shape (or simple type) at one element path of one kind of document, with the places below it."""

    __slots__ = ("below", "part", "path", "shape")

    def __init__(self, path: str, part: Part) -> None:
        self.path = path
        self.part = part
        self.shape = shape_of(part.kind) if part.convert is None else None
        self.below: dict[str, ElementPlace] = {}

    def step(self, tag: str) -> "ElementPlace | None":
        """Give the place of a child element, made when first met; None if the schema knows none."""
        place = self.below.get(tag)
        if place is None and self.shape is not None:
            part = self.shape.parts.get(tag)
            if part is not None:
                place = self.below[tag] = ElementPlace(f"{self.path}/{part.name}", part)
        return place


def root(path: str, model: type) -> ElementPlace:
    """Give the place of a document's root element."""
    return ElementPlace(path, Part(0, path.strip("/"), "", 1, 1, False, model, None))


class Found:
    """What one walk met: the elements by path, those that carry a currency, and what was wrong."""

    __slots__ = ("by_path", "currencies", "violations")

    def __init__(self) -> None:
        self.by_path: dict[str, list[etree._Element]] = {}
        self.currencies: list[tuple[etree._Element, str]] = []
        self.violations: list[Violation] = []

    def wrong(self, code: Code, element: etree._Element, sentence: str, below: str = "") -> None:
        """Note a violation of the schema at an element (or at a child it lacks)."""
        if len(self.violations) < LISTED_MAX:
            self.violations.append(Violation(code, "XSD", path_of(element) + below, sentence))


def local_name(element: etree._Element) -> str:
    """Give an element's name without its namespace; empty for a comment or processing instruction."""
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def path_of(element: etree._Element) -> str:
    """Give an element's path from AppHdr or Document, numbered `[n]` only where it has siblings of its name."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        name = local_name(node)
        parent = node.getparent()
        if name in ("AppHdr", "Document") or parent is None:
            steps.append(name)
            break
        before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        is_alone = not before and next(node.itersiblings(node.tag), None) is None
        steps.append(name if is_alone else f"{name}[{before + 1}]")
        node = parent
    return "/" + "/".join(reversed(steps))


def bind(element: etree._Element, place: ElementPlace, found: Found) -> Any:
    """Check an element and all below it; give its model, or None once anything was wrong anywhere."""
    try:
        found.by_path[place.path].append(element)
    except KeyError:
        found.by_path[place.path] = [element]
    shape = place.shape
    if shape is None:
        if element.keys():
            _unknown_attribute(element, found)
        return _convert(element, place.part, found)
    if shape.content is not None:
        return _bind_simple_content(element, shape, shape.content, found)
    if shape.opaque:
        return None
    if element.keys():
        _unknown_attribute(element, found)
    if element.text and element.text.strip(XML_SPACE):
        found.wrong(Code.FF01, element, "Text stands where only elements may.")
    values = _bind_children(element, place, found)
    _count(element, shape, values, found)
    return None if found.violations else shape.model(**values)


def _bind_children(element: etree._Element, place: ElementPlace, found: Found) -> dict[str, Any]:
    values: dict[str, Any] = {}
    reached = -1
    below = place.below
    place_is_choice = place.shape is not None and place.shape.choice
    for child in element:
        tail = child.tail
        if tail and tail.strip(XML_SPACE):
            found.wrong(Code.FF01, element, "Text stands where only elements may.")
        tag: Any = child.tag
        if not isinstance(tag, str):
            _comment_only(child, found)
            continue
        step = below.get(tag) or place.step(tag)
        if step is None:
            found.wrong(Code.FF01, child, "The schema knows no such element here.")
            continue
        part = step.part
        if part.position < reached and not place_is_choice:
            found.wrong(Code.FF01, child, "The element stands out of order.")
        else:
            reached = part.position
        value = bind(child, step, found)
        if part.is_list:
            if part.attribute in values:
                values[part.attribute].append(value)
            else:
                values[part.attribute] = [value]
        elif part.attribute in values:
            found.wrong(Code.FF01, child, "The element may stand here once only.")
        else:
            values[part.attribute] = value
    return values


def _count(element: etree._Element, shape: Shape, values: dict[str, Any], found: Found) -> None:
    """Check occurrence: exactly one branch of a choice; else all that is required, and lists no longer than allowed."""
    if shape.choice:
        if len(values) != 1:
            found.wrong(Code.FF01, element, "Exactly one of the alternatives must stand here.")
        return
    for part in shape.required:
        if part.attribute not in values:
            found.wrong(Code.FF01, element, "A mandatory element is missing.", f"/{part.name}")
    for part in shape.bounded:
        if len(values.get(part.attribute, ())) > part.at_most:
            found.wrong(Code.FF01, element, "The element stands here too often.", f"/{part.name}")


def _bind_simple_content(element: etree._Element, shape: Shape, content: Part, found: Found) -> Any:
    """An amount: text with attributes."""
    values = {content.attribute: _convert(element, content, found)}
    attributes: dict[str, str] = dict(cast("Any", element.attrib))
    for name, raw in attributes.items():
        part = shape.attributes.get(name)
        if part is None or part.convert is None:
            found.wrong(Code.FF01, element, "The schema knows no such attribute here.")
            continue
        try:
            values[part.attribute] = part.convert(raw)
        except ValueError:
            found.wrong(Code.CH16, element, "The value does not have the form its type asks for.", f"/@{name}")
        if name == "Ccy":
            found.currencies.append((element, raw))
    for name, part in shape.attributes.items():
        if part.at_least and name not in attributes:
            found.wrong(Code.FF01, element, "A mandatory attribute is missing.", f"/@{name}")
    return None if found.violations else shape.model(**values)


def _convert(element: etree._Element, part: Part, found: Found) -> Any:
    if len(element):
        found.wrong(Code.FF01, element, "Only text may stand here, without elements, comments or instructions in it.")
        return None
    assert part.convert is not None
    try:
        return part.convert(element.text or "")
    except ValueError:
        found.wrong(Code.CH16, element, "The value does not have the form its type asks for.")
        return None


def _comment_only(child: Any, found: Found) -> None:
    """Between elements a comment or processing instruction says nothing; an entity reference may say anything."""
    if child.tag is etree.Entity:
        found.wrong(Code.FF01, child.getparent(), "Entity references are not allowed.")


def _unknown_attribute(element: etree._Element, found: Found) -> None:
    found.wrong(Code.FF01, element, "The schema knows no such attribute here.")
