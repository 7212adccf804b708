"""The matrix as it is drawn: one layout, a pen for print and page, and Plotly for exploring."""
