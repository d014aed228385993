"""A network as containers: a Compose file, and the ground on which its nodes stand.

Every service runs as the owner of the build directory and not as root, sees of the keys its own alone, and is reached
from outside on loopback only.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, Final

import msgspec

from network.faults import NetworkFault, ToolFault
from network.ground import Standing, State
from network.material import ADMIN_MSP, CA, TLS_CA
from network.nodes import LOOPBACK, Build, Node, Part, Site, gateway
from network.package import package, package_id
from network.settings import CCAAS_IN_IMAGE
from network.topology import Topology

ROOT: Final = PurePath("/network")
"""The build directory as containers see it."""
FILE: Final = "compose.yaml"
READY_S: Final = 120.0
BUILD_S: Final = 1800.0
TOOL_S: Final = 90.0
UNPRIVILEGED: Final = 10001
"""Who containers run as where the build directory's owner is root."""
_STOP_S: Final = "30s"
_COMPOSES: Final = (("docker", "compose"), ("docker-compose",))
_HEALTH: Final = {
    Part.PEER: "exec 3<>/dev/tcp/127.0.0.1/{port}; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; grep -q '200 OK' <&3",
    Part.CHAINCODE: "exec 3<>/dev/tcp/127.0.0.1/{port}",
}
"""What a container asks itself; bash is in every image, curl is not."""
