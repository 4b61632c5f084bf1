"""Stage 3, generate: a contract goes in; artefacts come out."""
