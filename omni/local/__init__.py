"""The servers a newcomer runs on: PostgreSQL and Valkey out of wheels, started, watched and stopped by `make`.

Nothing else in the project knows this package, and it imports nothing of ours: the rest is told by the environment
(`DATABASE_URL`, `BROKER_URL`) and cannot tell these servers from any others.

`bootstrap` runs first, with nothing installed; `demo`, `testing`, `benchmark` and `manage` are what `make` calls then.
"""
