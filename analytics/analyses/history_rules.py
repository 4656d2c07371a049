"""The classes of life: which story never moved, which was over in a flash, which came late and which came back."""

import numpy as np
import pandas as pd

FLASH_HOURS = 48
"""A flash is above its quality for at most as long, all together."""

SLOW_HOURS = 168
"""A slow riser reaches its peak as late after it was first seen, or later."""

EVERGREEN_HOURS = 720
"""An evergreen is above its quality as late after it was first seen, or later: 30 days. Lives seen for a shorter time
have no class."""

NEVER, FLASH, WAVE, SLOW, EVERGREEN = CLASSES = "never moved", "flash", "wave", "slow riser", "evergreen"
UNSEEN, SHORT, UNKNOWN = UNCLASSED = "beginning not seen", "seen too short", "never ranked"

RULES = (
    f"Never moved: heat was never above quality. Evergreen: it was so {EVERGREEN_HOURS // 24} days after first seen or "
    f"later. Of the others, slow riser: peak {SLOW_HOURS // 24} days after first seen or later; flash: above quality "
    f"for at most {FLASH_HOURS} hours in all; wave: the rest."
)


def life_class(lives: pd.DataFrame) -> pd.Series:
    """The class of each life, of `CLASSES`; or why it has none, of `UNCLASSED`."""
    rules = {
        UNSEEN: ~lives["begun"],
        SHORT: lives["hours_seen"] < EVERGREEN_HOURS,
        UNKNOWN: lives["peak_lift"].isna(),
        NEVER: (lives["peak_lift"] <= 0).fillna(value=False),
        EVERGREEN: lives["above_until"] >= EVERGREEN_HOURS,
        SLOW: lives["hours_to_peak"] >= SLOW_HOURS,
        FLASH: lives["hours_above"] <= FLASH_HOURS,
    }
    met = [rule.fillna(value=False).to_numpy(dtype="bool") for rule in rules.values()]
    return pd.Series(np.select(met, list(rules), WAVE), index=lives.index, dtype="str")
