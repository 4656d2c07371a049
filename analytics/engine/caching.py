"""Results that are cached with the corpus or slice that they were computed from."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner", bound=Hashable)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def cached_with_owner(
    compute: Callable[Concatenate[Owner, Arguments], Result],
) -> Callable[Concatenate[Owner, Arguments], Result]:
    """Decorator: compute once for each first argument and its other ones, and drop the results when the first dies."""
    results: WeakKeyDictionary[Owner, dict[Hashable, Result]] = WeakKeyDictionary()

    @wraps(compute)
    def cached(owner: Owner, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        known = results.setdefault(owner, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = compute(owner, *args, **kwargs)
        return known[key]

    return cached
