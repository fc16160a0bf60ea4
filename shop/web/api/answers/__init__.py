"""What programs are answered: frozen dataclasses, one module per area, each with a function that makes it from a query."""
