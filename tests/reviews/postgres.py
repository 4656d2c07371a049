"""A real PostgreSQL server for tests: a cluster in a folder of its own, reached by a socket, gone with the tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.conftest import lacking

HOMES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")

UNTIL_CLOSED = '"$0" "$@" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server'
"""Runs a server until standard input ends, which it does however the tests end."""


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs."""
    found = [path for home in HOMES for path in sorted(Path(home).glob(f"*/bin/{name}"))]
    return shutil.which(name) or (str(found[-1]) if found else lacking(f"PostgreSQL's {name} is not installed"))


class Server:
    """A cluster of one's own. With `durable` it brings each commit to the disk, as servers do."""

    def __init__(self, *, durable: bool = False) -> None:
        initdb, self._postgres = program("initdb"), program("postgres")
        self.folder = Path(tempfile.mkdtemp(prefix="aa-pg-", dir="/tmp"))
        self._as: dict[str, Any] = {"cwd": self.folder, **_somebody(self.folder)}
        self._settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "200"}
        self._settings |= {} if durable else {"fsync": "off", "full_page_writes": "off"}
        made = [initdb, "-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*made, "--no-sync"], check=True, stdout=subprocess.DEVNULL, **self._as)
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                ["sh", "-c", UNTIL_CLOSED, self._postgres, "-D", str(self.folder / "data"), *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                **self._as,
            )
        deadline = time.monotonic() + 60
        while "ready" not in self._state():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill the server and all its processes at once, as a power cut would."""
        postmaster = int(self._postmaster().splitlines()[0])
        os.kill(postmaster, signal.SIGSTOP)
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        self._end()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server and take its folder away."""
        self._end()
        shutil.rmtree(self.folder)

    def url(self, schema: str) -> str:
        """URL of a store whose tables lie in a schema, which must be made first."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&options=-csearch_path%3D{schema}"

    def _end(self) -> None:
        assert self._running.stdin is not None
        self._running.stdin.close()
        self._running.wait(30)

    def _postmaster(self) -> str:
        try:
            return (self.folder / "data" / "postmaster.pid").read_text()
        except FileNotFoundError:
            return ""

    def _state(self) -> str:
        return self._postmaster().splitlines()[-1] if self._postmaster() else ""


def _somebody(folder: Path) -> dict[str, Any]:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
