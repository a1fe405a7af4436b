"""The REST door: authentication by key, problems as RFC 9457, strict JSON."""
