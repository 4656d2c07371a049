"""The script that Streamlit runs. It would print any further bare string at the top of every page."""

from analytics.app.main import main

main()
