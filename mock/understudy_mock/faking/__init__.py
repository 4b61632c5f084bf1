"""Values that look like something: names, addresses, prices … as faker.js makes them, from `x-faker` in a schema."""
