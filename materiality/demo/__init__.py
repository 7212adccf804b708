"""A published case to try the product on: Focus Technology, 2019 and 2020. See README.md."""
