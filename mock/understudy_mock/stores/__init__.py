"""Where documents are kept when more than one process answers, or when they are to outlive it."""
