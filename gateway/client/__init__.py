"""The Python client of a gateway: typed requests in, typed answers out, and one error that carries the code.

    async with WaitanClient("localhost:7104", TlsIdentity(certificate, key, roots)) as client:
        outcome = await client.submit(payment)

`payment` is a `settlement` command or a message of the protocol; answers are messages of `waitan.v1`. Every call may
raise `WaitanError`. docs/guide/client.md shows how it is used; the command line is made of it.

Before a call leaves, the connection must stand: then alone is it certain, where it does not, that nothing was sent. Of
a connection that is lost afterwards, what was asked to change may have changed.
"""

from gateway.auth.signing import Credential, credential
from gateway.client.client import WaitanClient
from gateway.tls import TlsIdentity
from gateway.wire_errors import Violation, WaitanError

__all__ = ["Credential", "TlsIdentity", "Violation", "WaitanClient", "WaitanError", "credential"]
