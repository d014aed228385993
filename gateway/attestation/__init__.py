"""How both authorities come to sign a certificate of a payment: who asks, who answers, and the wire between them."""
