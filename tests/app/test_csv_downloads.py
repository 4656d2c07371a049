"""The switch for CSVs that are opened in Excel."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import pandas as pd
    import streamlit as st

    from analytics.app.csv_downloads import csv_maker, excel_toggle

    excel_toggle()
    st.text(repr(csv_maker(pd.DataFrame({"title": ["é;=1"]}))()))


def test_one_switch_makes_all_csvs_of_the_session_for_excel() -> None:
    at = AppTest.from_function(script).run()
    assert at.text[0].value == repr("title\né;=1\n")
    at.toggle(key="csv-for-excel").set_value(True).run()
    assert at.text[0].value == repr("\ufefftitle\né;'=1\n")
