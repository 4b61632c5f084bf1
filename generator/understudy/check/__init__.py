"""Stage 2, validate: a contract goes in; findings come out."""
