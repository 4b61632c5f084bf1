"""Lint rules, one file per rule id."""
