"""Stage 1, read and resolve: a path, name or URL goes in; a bundled contract that knows its lines comes out."""
