"""What `waitan network` and its benchmark do on a Hyperledger Fabric network."""
