"""The example of a voice in a package of its own: it keeps the contract, and installing it is all there is to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from breathcue.voices.base import Engine
from engine_contract import EngineContract
from workspace import ROOT

PACKAGE = ROOT / "examples" / "voice-hum"


class TestHumEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        spec = spec_from_file_location("breathcue_hum", PACKAGE / "breathcue_hum.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        engine: Engine = module.HumEngine()
        return engine

    @pytest.fixture(params=["low", "high"])
    def voice(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name


def test_it_is_two_small_files() -> None:
    files = [path for path in PACKAGE.iterdir() if path.is_file()]
    assert sorted(path.name for path in files) == ["breathcue_hum.py", "pyproject.toml"]
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 60 for path in files)


@pytest.mark.slow
def test_once_installed_it_is_a_voice_like_any_other(tmp_path: Path) -> None:
    lib, session, sound = tmp_path / "lib", tmp_path / "hum.yaml", tmp_path / "hum.wav"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", lib, PACKAGE]
    subprocess.run(pip, check=True, timeout=600)
    session.write_text("title: Hum\nvoice: {engine: hum, name: high}\nsteps:\n  - say: Hello.\n", "utf-8")
    paths = os.pathsep.join(path for path in (str(lib), os.environ.get("PYTHONPATH")) if path)
    environment = os.environ | {"PYTHONPATH": paths, "BREATHCUE_CACHE": str(tmp_path / "cache")}

    def breathcue(*arguments: str | Path) -> str:
        command = [sys.executable, "-m", "breathcue", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    listed = json.loads(breathcue("voices", "--format", "json"))
    assert {voice["name"]: voice["state"] for voice in listed if voice["engine"] == "hum"} == {
        "low": "ready",
        "high": "ready",
    }
    breathcue("render", session, "-o", sound)
    assert sound.stat().st_size > 100_000
    timeline = json.loads(breathcue("timeline", session, "--format", "json", "--voice", "hum:low"))
    assert timeline["voice"] == {"engine": "hum", "name": "low", "speed": 0.9}
