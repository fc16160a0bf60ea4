"""What a program may send: frozen dataclasses whose annotations carry the bounds, one module per area."""
