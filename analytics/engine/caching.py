"""Results that are cached in the corpus or slice that they were computed from."""

from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def cached_with_owner(
    compute: Callable[Concatenate[Owner, Arguments], Result],
) -> Callable[Concatenate[Owner, Arguments], Result]:
    """Decorator: compute once for each first argument and its other ones; the results are freed with the first.

    They are in the attributes of the first argument, as those of a `cached_property` are. Other threads wait.
    """
    attribute = f"{compute.__module__}.{compute.__qualname__}"
    lock = RLock()

    @wraps(compute)
    def cached(owner: Owner, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        key: Hashable = (args, tuple(sorted(kwargs.items())))
        with lock:
            results: dict[Hashable, Result] = vars(owner).setdefault(attribute, {})
            if key not in results:
                results[key] = compute(owner, *args, **kwargs)
            return results[key]

    return cached
