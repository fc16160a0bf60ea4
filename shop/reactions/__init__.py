"""What follows from an event in the outbox: ``table.py`` lists it, ``dispatch.py`` runs each reaction once."""
