import pandas as pd


def life_class(table):
    return pd.Series("x", index=table.index)
