"""Parts of pages that ask the database themselves."""
