"""PDF files to catalog and index: the write way."""
