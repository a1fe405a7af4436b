"""Which place serves which line: rules as data, one exact search, an answer that explains itself."""
