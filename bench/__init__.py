"""What the product reaches beside what its database could do: `make bench`, never part of the tests."""
