"""The structure check says what the published schemas say, and gives the models that the models' own parser gives."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import cbpr_rules
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyiso20022.head import head_001_001_02
from pyiso20022.pacs import pacs_002_001_10, pacs_004_001_09, pacs_008_001_08
from xsdata.formats.dataclass.parsers import XmlParser

from settlement.iso20022 import envelope, reading, writing
from settlement.iso20022.lexical import converter
from settlement.iso20022.refusal import MessageRefusal
from settlement.iso20022.structure import UNBOUNDED, Shape, shape_of
from tests.unit.iso20022 import samples

MODELS: dict[str, Any] = {
    "pacs.008.001.08": pacs_008_001_08,
    "pacs.004.001.09": pacs_004_001_09,
    "pacs.002.001.10": pacs_002_001_10,
    "head.001.001.02": head_001_001_02,
}
XS = "{http://www.w3.org/2001/XMLSchema}"


def _published(name: str) -> Any:
    path = samples.SCHEMAS / f"{name}.xsd"
    if not path.exists():
        pytest.skip(f"the published schema of {name} is not at hand (it is not part of the project)")
    return etree.parse(path).getroot()


def _shapes(model: type, seen: dict[str, Shape]) -> dict[str, Shape]:
    shape = shape_of(model)
    for part in shape.parts.values():
        if part.convert is None and part.kind.__name__ not in seen and not shape.opaque:
            seen[part.kind.__name__] = shape_of(part.kind)
            _shapes(part.kind, seen)
    return seen


def _simple_types(schema: Any) -> dict[str, Any]:
    return {each.get("name"): each for each in schema.findall(f"{XS}simpleType")}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_compiled_shapes_say_what_the_published_schema_says(name: str) -> None:
    """Order, occurrence, choice and simple content of every type in use are those of the schema."""
    schema = _published(name)
    root = MODELS[name].AppHdr if name.startswith("head") else MODELS[name].Document
    types = {each.get("name").lower(): each for each in schema.findall(f"{XS}complexType")}
    shapes = _shapes(root, {})
    assert len(shapes) > 20
    for type_name, shape in shapes.items():
        # The models spell a few capitals in their own way.
        published = types[type_name.lower()]
        group = published.find(f"{XS}choice")
        assert shape.choice == (group is not None), type_name
        group = group if group is not None else published.find(f"{XS}sequence")
        if group is None:
            content = published.find(f"{XS}simpleContent/{XS}extension")
            assert shape.content is not None
            assert [each.get("name") for each in content] == list(shape.attributes)
            assert [each.get("use") == "required" for each in content] == [
                part.at_least == 1 for part in shape.attributes.values()
            ]
            continue
        if group[0].tag == f"{XS}any":
            assert shape.opaque
            continue
        told = [
            (
                each.get("name"),
                0 if shape.choice else int(each.get("minOccurs", "1")),
                UNBOUNDED if each.get("maxOccurs") == "unbounded" else int(each.get("maxOccurs", "1")),
            )
            for each in group
        ]
        assert [(part.name, part.at_least, part.at_most) for part in shape.parts.values()] == told, type_name


@pytest.mark.parametrize("name", sorted(MODELS))
def test_simple_types_take_the_longest_and_refuse_one_more(name: str) -> None:
    """A text of the greatest length of its type is taken, one of a character more is not, as the schema has it."""
    schema = _published(name)
    simple = _simple_types(schema)
    root = MODELS[name].AppHdr if name.startswith("head") else MODELS[name].Document
    types = {each.get("name").lower(): each for each in schema.findall(f"{XS}complexType")}
    seen = 0
    for type_name, shape in _shapes(root, {}).items():
        by_name = {each.get("name"): each.get("type") for each in types[type_name.lower()].iter(f"{XS}element")}
        for part in shape.parts.values():
            restriction = simple.get(by_name[part.name])
            longest = None if restriction is None else restriction.find(f"{XS}restriction/{XS}maxLength")
            if longest is None or part.convert is None:
                continue
            length = int(longest.get("value"))
            assert part.convert("x" * length) == "x" * length
            with pytest.raises(ValueError, match=r"^$"):
                part.convert("x" * (length + 1))
            with pytest.raises(ValueError, match=r"^$"):
                part.convert("")
            seen += 1
    assert seen > 10


@pytest.mark.parametrize("text", ["123456789012345678", "1234567890123.45678", "0.00001", "000000000000000001"])
def test_eighteen_digits_five_of_them_after_the_point_are_an_amount(text: str) -> None:
    """TotalDigits 18 and fractionDigits 5 of ActiveCurrencyAndAmount, on the raw text."""
    convert = converter(Decimal, {"total_digits": 18, "fraction_digits": 5})
    assert convert(text) == Decimal(text)
    for more in (text + "0" if "." in text else text + ".0", "0" * 19):
        with pytest.raises(ValueError, match=r"^$"):
            convert(more)


def _examples() -> Iterator[tuple[str, bytes]]:
    for year in (2025, 2026):
        for message in ("pacs.008", "pacs.008_stp", "pacs.002", "pacs.004"):
            for variant in ("min", "max"):
                yield (
                    f"{year}-{message}-{variant}",
                    cbpr_rules.example_message(year, message, variant).encode(),
                )
    yield "ours", writing.payment_message(samples.a_full_payment(), sent_at=samples.SENT_AT)


@pytest.mark.parametrize(("label", "data"), list(_examples()), ids=[label for label, _ in _examples()])
def test_the_models_are_those_of_their_own_parser(label: str, data: bytes) -> None:
    """For a valid document the walk gives a model equal to the one that xsdata's parser gives."""
    opened = reading.open_message(data)
    fresh = envelope.open_envelope(data)
    parser = XmlParser()
    assert opened.document == parser.from_bytes(etree.tostring(fresh.document), MODELS[fresh.name].Document), label
    if fresh.header is not None:
        assert opened.header == parser.from_bytes(etree.tostring(fresh.header), head_001_001_02.AppHdr)


def _drop(tree: Any, chance: random.Random) -> None:
    element = chance.choice(list(tree.iter()))
    if element.getparent() is not None:
        element.getparent().remove(element)


def _repeat(tree: Any, chance: random.Random) -> None:
    element = chance.choice(list(tree.iter()))
    if element.getparent() is not None:
        element.addnext(etree.fromstring(etree.tostring(element)))


def _swap(tree: Any, chance: random.Random) -> None:
    parents = [element for element in tree.iter() if len(element) > 1]
    parent = chance.choice(parents)
    parent.append(parent[0])


def _rename(tree: Any, chance: random.Random) -> None:
    one, other = chance.choice(list(tree.iter())), chance.choice(list(tree.iter()))
    one.tag = other.tag


def _text(tree: Any, chance: random.Random) -> None:
    element = chance.choice(list(tree.iter()))
    element.text = chance.choice(
        ["", " ", "x", "x" * 36, "x" * 141, "2026-02-29", "1", "1.5", "CNY", "EUR", "a\nb", "é"]
    )


def _attribute(tree: Any, chance: random.Random) -> None:
    element = chance.choice(list(tree.iter()))
    element.set(chance.choice(["Ccy", "x"]), chance.choice(["CNY", "cny", ""]))


def _move(tree: Any, chance: random.Random) -> None:
    element, target = chance.choice(list(tree.iter())), chance.choice(list(tree.iter()))
    if element is not tree and target not in element.iter():
        target.append(element)


SPOILS: list[Callable[[Any, random.Random], None]] = [_drop, _repeat, _swap, _rename, _text, _attribute, _move]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(SPOILS), min_size=1, max_size=3), st.booleans())
def test_what_the_schema_refuses_is_refused(seed: int, spoils: list[Any], full: bool) -> None:
    """However a document is spoilt, what the published schema refuses the structure check refuses, and the reverse.

    Where ours is stricter the difference is one of spelling: white space or an offset that the schema folds away.
    """
    schema = samples.schema("pacs.008.001.08")
    payment = samples.a_full_payment() if full else samples.a_payment()
    document = etree.fromstring(writing.payment_message(payment, sent_at=samples.SENT_AT, header=False))
    chance = random.Random(seed)
    for spoil in spoils:
        spoil(document, chance)
    valid = schema.validate(document)
    try:
        reading.open_message(etree.tostring(document))
    except MessageRefusal as refusal:
        spelling = all(violation.code == "CH16" for violation in refusal.violations)
        assert not valid or spelling
    else:
        assert valid, schema.error_log
