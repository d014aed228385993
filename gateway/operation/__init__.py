"""What whoever keeps a gateway running needs of it: metrics, health, logs and traces. None of it knows a payment."""
