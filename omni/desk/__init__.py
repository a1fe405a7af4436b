"""Pages made of several rooms: home, search, the customer's page, errors."""
