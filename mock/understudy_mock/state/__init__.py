"""What the mock remembers: resources inferred from the contract, rules beyond CRUD, and the store that holds items."""
