"""Generate the Python code of the protocol: `generate.py [DIRECTORY]`, by default into this directory itself.

For every waitan/v1/*.proto: the messages, their type stubs and the gRPC services. `make protos` runs this, and a test
runs it into an empty directory to see that what is committed is what comes out.
"""

import sys
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

SOURCE = Path(__file__).resolve().parent
WELL_KNOWN = Path(grpc_tools.__file__).resolve().parent / "_proto"


def generate(target: Path) -> int:
    """Write the generated code below `target`; give the compiler's exit status."""
    protos = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.glob("waitan/**/*.proto"))
    outputs = [f"--{kind}_out={target}" for kind in ("python", "pyi", "grpc_python")]
    return int(protoc.main(["protoc", f"-I{SOURCE}", f"-I{WELL_KNOWN}", *outputs, *protos])) if protos else 0


if __name__ == "__main__":
    sys.exit(generate(Path(sys.argv[1]) if sys.argv[1:] else SOURCE))
