"""The generated code that is committed is what its source gives."""

import subprocess
import sys
from pathlib import Path

PROTOS = Path(__file__).resolve().parents[2] / "protos"
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py")


def generated_below(directory: Path) -> dict[str, str]:
    """The generated files below a directory: path -> text."""
    found = sorted(path for pattern in GENERATED for path in directory.rglob(pattern))
    return {path.relative_to(directory).as_posix(): path.read_text() for path in found}


def test_the_generated_code_is_up_to_date(tmp_path: Path) -> None:
    """Generating anew changes nothing: no message edited by hand, none forgotten, none left over (`make protos`)."""
    subprocess.run([sys.executable, PROTOS / "generate.py", tmp_path], check=True)
    assert generated_below(tmp_path) == generated_below(PROTOS)
