"""One file for each thing that binds; none imports another."""
