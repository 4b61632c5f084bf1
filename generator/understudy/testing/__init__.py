"""For tests of those who use a mock: contracts go in; a fixture with a mock, and a session of its own, comes out."""
