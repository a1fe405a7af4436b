"""The figures of the day, each with the rows behind it. Reads everyone, writes nothing."""
