"""The Streamlit dashboard: wiring only. Whatever is computed or drawn comes from the catalog."""
