"""Start and stop what Cailan runs on: PostgreSQL, web, worker, sequencer."""
