"""Stage 5, compare: a contract and another side go in; findings come out."""
