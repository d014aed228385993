"""Two shipments of the demo's day: silk to Istanbul, hazelnuts to Shanghai; from contract to release and payment."""
