"""What `waitan trade`, `contract`, `invoice`, `lading`, `financing` and `undertaking` do."""
