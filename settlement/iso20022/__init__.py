"""ISO 20022 at the door: bytes in, commands out, and back again. Pure: no file, no clock, no network.

A message is read in five steps, each in a module of its own, and each sees only what the one before let through:

1. `envelope`: the bytes are one well-formed, plain XML document that holds a message we know (FF01);
2. `structure`: it is what the schema says, element by element and on the raw text (FF01, CH16), and becomes a model;
3. `cbpr`: the CBPR+ usage rules of the release year of the business date;
4. `usage`: what those rules leave to restricted schemas, and what our command cannot carry (CH17);
5. `credit_transfer`, `payment_return`, `payment_status`: the model becomes what the gateway asks of the ledger.

`reading.read` takes the steps; `writing` goes the other way. What is refused is a `MessageRefusal` that names every
violation found: code, rule, element path and a sentence, never a value.
"""
