"""One file for each thing a firm can decide; none imports another."""
