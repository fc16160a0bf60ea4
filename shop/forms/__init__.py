"""What a request may contain: one module per blueprint."""
