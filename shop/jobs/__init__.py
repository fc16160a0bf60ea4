"""What happens by the clock: ``schedule.py`` lists every job, ``worker.py`` runs them."""
