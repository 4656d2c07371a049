"""What the checks across articles share: rows of `problems`, and texts made comparable."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.corpus.codes import CODES
from analytics.corpus.tables import PROBLEMS

LONGEST_VALUE = 80
LONGEST_ADDRESS = 200


def findings(code: str, path: pd.Series, field: str | pd.Series, value: pd.Series) -> pd.DataFrame:
    """Findings of one kind, one row each, yet without their meaning: path, field, value, code."""
    return pd.DataFrame({"path": path, "field": field, "value": value, "code": code}).astype("str")


def explained(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Findings as rows of `problems` (tables.PROBLEMS), each with the severity and meaning of its code; no line."""
    rows = pd.concat(found, ignore_index=True)
    codes = pd.DataFrame.from_dict(CODES, orient="index", columns=["severity", "message"]).loc[rows["code"]]
    line = pd.array([pd.NA] * len(rows), dtype="Int64")
    return PROBLEMS.of(rows.assign(line=line, severity=codes["severity"].array, message=codes["message"].array))


def shortened(texts: pd.Series, longest: int = LONGEST_VALUE) -> pd.Series:
    """Texts of at most so many characters; what is cut ends with an ellipsis."""
    return texts.where(texts.str.len() <= longest, texts.str.slice(0, longest - 1) + "…")


def comparable(texts: pd.Series) -> pd.Series:
    """Texts that are equal when only case and white space differ: casefolded, white space as one blank."""
    words = pc.utf8_split_whitespace(pa.array(texts.str.casefold(), type=pa.large_string()))
    joined = pc.utf8_trim_whitespace(pc.binary_join(words, pa.scalar(" ", pa.large_string())))
    return pd.Series(joined.to_pandas().array, index=texts.index, dtype="str")
