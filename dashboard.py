"""The dashboard: `streamlit run dashboard.py`, or `article-analytics serve`."""

if __name__ == "__main__":
    from analytics.app.main import main

    main()
