"""Stage 6, report: findings go in; text in one of several formats comes out."""
