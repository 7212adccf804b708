"""Results → matrix, tables and files. It formats numbers and computes none."""
