"""The demo's clock, moved forward: its data grows older, and what is due happens (docs/adr/0021)."""
