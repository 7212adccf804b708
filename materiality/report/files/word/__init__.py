"""The section and the method note as Word documents."""
