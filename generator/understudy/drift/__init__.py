"""Stage 5, compare: a contract and another side go in; findings where they differ come out."""
