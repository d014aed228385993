"""The .proto files are documented well enough to be somebody's only source: nothing in them stands without a word."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet

from gateway import reasons
from gateway.app import UNDER_WAY_MAX
from gateway.operation import request_ids
from gateway.operators import edge, server, sizes
from gateway.operators.permissions import BETWEEN_GATEWAYS, PERMITTED
from settlement import identity
from settlement.parties import Role

PROTOS = Path(__file__).resolve().parents[2] / "protos"
FILES = sorted(path.relative_to(PROTOS).as_posix() for path in PROTOS.glob("waitan/**/*.proto"))

# Numbers of the fields by which SourceCodeInfo says where something stands (google/protobuf/descriptor.proto).
MESSAGES, ENUMS, SERVICES = 4, 5, 6
FIELDS, NESTED, NESTED_ENUMS, ONEOFS, VALUES, METHODS = 2, 3, 4, 8, 2, 2

At = tuple[int, ...]


def described(directory: Path, *files: str) -> dict[str, FileDescriptorProto]:
    """Read files with their comments."""
    output = directory / "described"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{directory}", "--include_source_info"]
    subprocess.run([*command, f"--descriptor_set_out={output}", *files], check=True)
    found = FileDescriptorSet.FromString(output.read_bytes())
    return {each.name: each for each in found.file}


def parts(file: FileDescriptorProto) -> Iterator[tuple[str, At]]:
    """Walk all that is to be documented: services, methods, messages, oneofs, fields, enumerations and their values."""
    for number, service in enumerate(file.service):
        yield service.name, (SERVICES, number)
        for place, method in enumerate(service.method):
            yield f"{service.name}.{method.name}", (SERVICES, number, METHODS, place)
    for number, message in enumerate(file.message_type):
        yield from of_message(message.name, message, (MESSAGES, number))
    for number, enumeration in enumerate(file.enum_type):
        yield from of_enumeration(enumeration.name, enumeration, (ENUMS, number))


def of_message(name: str, message: DescriptorProto, at: At) -> Iterator[tuple[str, At]]:
    yield name, at
    for place, field in enumerate(message.field):
        yield f"{name}.{field.name}", (*at, FIELDS, place)
    for place, oneof in enumerate(message.oneof_decl):
        yield f"{name}.{oneof.name}", (*at, ONEOFS, place)
    for place, nested in enumerate(message.nested_type):
        yield from of_message(f"{name}.{nested.name}", nested, (*at, NESTED, place))
    for place, enumeration in enumerate(message.enum_type):
        yield from of_enumeration(f"{name}.{enumeration.name}", enumeration, (*at, NESTED_ENUMS, place))


def of_enumeration(name: str, enumeration: EnumDescriptorProto, at: At) -> Iterator[tuple[str, At]]:
    yield name, at
    for place, value in enumerate(enumeration.value):
        yield f"{name}.{value.name}", (*at, VALUES, place)


def undocumented(file: FileDescriptorProto) -> list[str]:
    comments = {
        tuple(each.path): (each.leading_comments + each.trailing_comments).strip()
        for each in file.source_code_info.location
    }
    return [name for name, at in parts(file) if not comments.get(at)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileDescriptorProto]:
    directory = tmp_path_factory.mktemp("protos")
    shutil.copytree(PROTOS / "waitan", directory / "waitan")
    return described(directory, *FILES)


@pytest.mark.parametrize("name", FILES)
def test_nothing_stands_without_a_word(files: dict[str, FileDescriptorProto], name: str) -> None:
    assert undocumented(files[name]) == []


def test_every_method_says_which_roles_may_call_it(files: dict[str, FileDescriptorProto]) -> None:
    """And nothing else than the table of permissions does."""
    said = {}
    for file in files.values():
        comments = {tuple(each.path): each.leading_comments for each in file.source_code_info.location}
        for number, service in enumerate(file.service):
            for place, method in enumerate(service.method):
                (roles,) = re.findall(r"^ Roles: (.*)\.$", comments[SERVICES, number, METHODS, place], re.MULTILINE)
                said[f"/{file.package}.{service.name}/{method.name}"] = frozenset(roles.split(", "))
    assert said == dict(PERMITTED) | dict(BETWEEN_GATEWAYS)


def test_what_lacks_a_word_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text(
        'syntax = "proto3";\n'
        "service Bare { rpc Ask(Bare2) returns (Bare2); }\n"
        "// Told.\n"
        "message Bare2 {\n  oneof which {\n    string one = 1; // told\n  }\n  string two = 2;\n}\n"
        "enum Bare3 {\n  BARE3_NONE = 0;\n}\n"
    )
    file = described(tmp_path, "a.proto")["a.proto"]
    assert undocumented(file) == ["Bare", "Bare.Ask", "Bare2.two", "Bare2.which", "Bare3", "Bare3.BARE3_NONE"]


def test_the_page_beside_them_tells_of_every_file_and_of_the_limits_that_are_kept() -> None:
    page = (PROTOS / "README.md").read_text(encoding="utf-8")
    for file in FILES:
        if not file.endswith("common.proto"):
            assert f"({file})" in page
    options = dict(server.OPTIONS)
    kept = {
        f"| a request | {sizes.REQUEST_MAX_BYTES >> 20} MiB |",
        f"LodgeDeclarations) | {options['grpc.max_receive_message_length'] >> 20} MiB |",
        f"more than {sizes.SMALL_BYTES >> 10} KiB | {sizes.PARTS_MAX:,} |",
        f"| {server.CONNECTIONS_MAX:,}, handshakes included |",
        f"without an earlier deadline | {edge.UNARY_S:.0f} s |",
        f"under way | {edge.CALLS_MAX} |",
        f"| {edge.RATE_PER_S:,.0f} a second, {edge.BURST:,} at once |",
        f"a gateway under way | {UNDER_WAY_MAX:,} |",
        f"one in {options['grpc.http2.min_ping_interval_without_data_ms'] // 1000} s |",
        f"after {options['grpc.keepalive_time_ms'] // 1000} s of silence",
        f"`{request_ids.HEADER.lower()}`",
        f"`{reasons.HEADER.lower()}`",
        f"`{identity.ATTRIBUTES_OID.dotted_string}`",
        *(f"`{role.value}`" for role in Role),
    }
    assert {each for each in kept if each not in page} == set()
