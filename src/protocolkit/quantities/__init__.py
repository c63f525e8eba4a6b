"""Numbers with units: read, say what is wrong, convert within a kind, print as written."""
