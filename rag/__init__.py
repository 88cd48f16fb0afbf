"""Retrieval-augmented question answering over research reports: the read way."""
