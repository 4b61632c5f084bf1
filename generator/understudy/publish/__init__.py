"""Contracts go in; the files of a static documentation site come out."""
