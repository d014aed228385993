"""The contracts as Fabric chaincode: the port over chaincode.shim. `python -m chaincode.fabric` serves it to a peer."""
