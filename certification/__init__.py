"""Development certificates: what networks are made with, and what gateways issue there. It imports nothing of ours."""
