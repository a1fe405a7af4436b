"""Handing goods over: pick, ready, hand-over, dispatch."""
