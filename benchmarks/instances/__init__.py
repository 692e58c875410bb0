"""One adapter for each format of public instances: from a file to a problem in two stages."""
