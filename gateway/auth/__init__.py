"""Keys and certificates: who a caller is, and what signs in an organisation's name."""
