"""Parts of pages of other apps that ask the database themselves."""
