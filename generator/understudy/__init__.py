"""Understudy: from an OpenAPI contract to everything that stands in for the API."""

__version__ = "0.1.0"
