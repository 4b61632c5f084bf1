"""Stage 4, serve: contracts go in; a Connexion application that answers like the APIs comes out."""
