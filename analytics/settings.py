"""Environment variables, and the files and folders that they name.

Only this module reads the environment, and at each call, so that a change counts at once.
"""

import os
from pathlib import Path
from urllib.parse import unquote

import platformdirs

PACKAGE = Path(__file__).resolve().parent
PROGRAM = "article-analytics"

CORPUS = "ARTICLE_ANALYTICS_CORPUS"
PROFILE = "ARTICLE_ANALYTICS_PROFILE"
HISTORY = "ARTICLE_ANALYTICS_HISTORY"
CACHE = "ARTICLE_ANALYTICS_CACHE"
HOME = "ARTICLE_ANALYTICS_HOME"
FURTHER_NOTES = "ARTICLE_ANALYTICS_NOTES"
REVIEWS = "ARTICLE_ANALYTICS_REVIEWS"
REVIEW_RULES = "ARTICLE_ANALYTICS_REVIEW_RULES"


def sample_corpus_path() -> Path:
    """Folder of the sample corpus: `data/sample` in an installed package, or beside the package of a checkout."""
    packed = PACKAGE / "data" / "sample"
    return packed if packed.is_dir() else PACKAGE.parent / "data" / "sample"


def expand_home_or_file_url(named: str | os.PathLike[str]) -> Path:
    """A path as a person types it: `~` and `~/…` lead to the home folder, unless something has just that name here.

    `file:///PATH` and `file://localhost/PATH` are the path. A path has no double slashes, so that a folder `/localhost`
    comes before that name.
    """
    path = Path(named)
    if _is_file_url(path):
        return Path(unquote(str(Path("/", *path.parts[2 if _is_this_machine(path) else 1 :]))))
    if path.parts[:1] != ("~",) or os.path.lexists(path):
        return path
    ensure_home_variable()
    return path.expanduser()


def corpus_address(named: str | os.PathLike[str]) -> Path:
    """The path of a corpus as a person types it; a git address, `file:///REPOSITORY`, is `REPOSITORY@HEAD`."""
    path = expand_home_or_file_url(named)
    return path.with_name(f"{path.name}@HEAD") if _is_file_url(Path(named)) and _is_repository(path) else path


def _is_file_url(path: Path) -> bool:
    return path.parts[:1] == ("file:",) and not os.path.lexists(path)


def _is_repository(folder: Path) -> bool:
    return bool(folder.name) and ((folder / ".git").exists() or is_bare_repository(folder))


def is_bare_repository(folder: Path) -> bool:
    """Whether a folder is a git repository without a working tree."""
    return (folder / "HEAD").is_file() and all((folder / name).is_dir() for name in ("objects", "refs"))


def _is_this_machine(address: Path) -> bool:
    return [name.lower() for name in address.parts[1:2]] == ["localhost"] and not os.path.lexists("/localhost")


def corpus_path(named: str | os.PathLike[str] | None) -> Path:
    """The corpus to open: the named one, else that of ARTICLE_ANALYTICS_CORPUS, else the sample."""
    return corpus_address(named or os.environ.get(CORPUS) or sample_corpus_path())


def profile_path(named: str | os.PathLike[str] | None) -> Path | None:
    """The profile to use instead of the corpus's own: the named one, else that of ARTICLE_ANALYTICS_PROFILE, if any."""
    found = named or os.environ.get(PROFILE)
    return expand_home_or_file_url(found) if found else None


def set_corpus_variables(path: Path, profile: Path | None = None) -> None:
    """Set the variables for the corpus, and the profile, that this process and those that it starts open."""
    os.environ[CORPUS] = str(path.absolute())
    if profile is not None:
        os.environ[PROFILE] = str(profile.absolute())


def make_path_variables_absolute() -> None:
    """Make the paths in the program's variables absolute, so that they hold in processes of another current folder."""
    for name in (PROFILE, HISTORY, CACHE, HOME, FURTHER_NOTES, REVIEW_RULES):
        if os.environ.get(name):
            os.environ[name] = str(expand_home_or_file_url(os.environ[name]).absolute())
    scheme, slashes, file = os.environ.get(REVIEWS, "").partition(":///")
    if scheme.startswith("sqlite") and file not in ("", ":memory:"):
        os.environ[REVIEWS] = f"{scheme}{slashes}{expand_home_or_file_url(file).absolute()}"


def history_path() -> str | None:
    """The repository or bundle with the history, whatever the corpus (ARTICLE_ANALYTICS_HISTORY)."""
    return os.environ.get(HISTORY) or None


def ensure_home_variable() -> None:
    """Set the variable HOME to the root folder for a user without a home folder, as in a container."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = os.sep


def cache_folder() -> Path:
    """Folder of the caches: ARTICLE_ANALYTICS_CACHE, else the user's cache folder."""
    ensure_home_variable()
    return expand_home_or_file_url(os.environ.get(CACHE) or platformdirs.user_cache_dir(PROGRAM))


def data_folder() -> Path:
    """Folder of saved selections, notes, recipes and reviews: ARTICLE_ANALYTICS_HOME, else the user's data folder."""
    ensure_home_variable()
    return expand_home_or_file_url(os.environ.get(HOME) or platformdirs.user_data_dir(PROGRAM))


def further_notes_path() -> Path | None:
    """The file of further notes, such as those of a team, which is only read (ARTICLE_ANALYTICS_NOTES)."""
    named = os.environ.get(FURTHER_NOTES)
    return expand_home_or_file_url(named) if named else None


def review_store_url() -> str | None:
    """The URL of the review store (ARTICLE_ANALYTICS_REVIEWS)."""
    return os.environ.get(REVIEWS) or None


def review_rules_path() -> Path | None:
    """The file with the team's verdicts and reasons (ARTICLE_ANALYTICS_REVIEW_RULES)."""
    named = os.environ.get(REVIEW_RULES)
    return expand_home_or_file_url(named) if named else None


def set_python_safe_path() -> None:
    """Keep every Python process started from now on from importing modules of the current folder (PYTHONSAFEPATH)."""
    os.environ["PYTHONSAFEPATH"] = "1"


def set_allocator_variables() -> None:
    """Set the variables by which processes started from now on return unused memory to the system.

    Each thread of a server would otherwise keep some in an arena of its own, of the C library and of Arrow. Variables
    that are set already stay.
    """
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def child_environment(**changes: str) -> dict[str, str]:
    """The environment variables for a new process: those of this one, with some changed."""
    return {**os.environ, **changes}
