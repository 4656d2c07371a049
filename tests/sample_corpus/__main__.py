"""Write a fictional corpus into a new folder, and with --history its git history beside it, as DIR.bundle."""

import argparse
import sys
from pathlib import Path

from analytics.errors import ExportError
from analytics.history.location import SUFFIX
from tests.sample_corpus.corpus import SAMPLE_ARTICLES, SAMPLE_SEED, write_sample
from tests.sample_corpus.digest import DIGEST, sources_digest
from tests.sample_corpus.git_history import write_sample_history


def main(words: list[str] | None = None) -> None:
    """Run the command with the given words, else with those of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.sample_corpus", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="a new folder")
    parser.add_argument("--articles", type=int, default=SAMPLE_ARTICLES, help="how many articles")
    parser.add_argument("--seed", type=int, default=SAMPLE_SEED, help="the same seed gives the same bytes")
    parser.add_argument("--history", action="store_true", help="also write the git history")
    parser.add_argument("--record", action="store_true", help="record that data/sample.bundle is of these sources")
    chosen = parser.parse_args(words)
    if chosen.record:
        DIGEST.write_text(f"{sources_digest()}\n")
    elif chosen.folder is None:
        parser.error("name a new folder")
    else:
        try:
            _write(chosen.folder, chosen.articles, chosen.seed, history=chosen.history)
        except ExportError as error:
            sys.exit(str(error))


def _write(folder: Path, articles: int, seed: int, *, history: bool) -> None:
    write_sample(folder, articles=articles, seed=seed)
    print(f"{folder}: {articles:,} articles")
    if history:
        bundle = folder.resolve().with_name(f"{folder.resolve().name}{SUFFIX}")
        planted = write_sample_history(bundle, articles=articles, seed=seed)
        print(f"{bundle}: {planted.commits:,} commits")


if __name__ == "__main__":
    main()
