"""What frontends take home: what a mock answers goes in; fixtures, handlers, types and helpers come out, as files."""
