"""The register of impacts, risks and opportunities: its list, its entries, its tables."""
