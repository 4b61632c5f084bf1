"""The mock's own API: what people and tests ask of a running mock, and tell it, under `/__understudy__/`."""
