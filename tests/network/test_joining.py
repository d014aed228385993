"""One more bank in a network: who may join, and who goes on joining."""

import pytest

from network.faults import NetworkFault
from network.joining import Bank, around
from network.topology import Consensus, Topology


def test_who_was_broken_off_while_joining_goes_on_and_nobody_joins_twice() -> None:
    topology = Topology.read().started(Consensus.RAFT)
    newcomer = Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank")
    first = around(topology, newcomer)
    assert first[0] == topology
    assert around(first[1], newcomer) == first
    for other in (newcomer._replace(bic="MAINDEFFXXX"), newcomer._replace(name="bankmain")):
        with pytest.raises(NetworkFault, match="is on this network already"):
            around(first[1], other)
    with pytest.raises(NetworkFault, match="is on this network already"):
        around(topology, Bank("banksh", "BUNDCNSHXXX", ""))
