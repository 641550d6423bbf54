"""The models of random weights, made when they are first needed and kept."""
import os
import shutil
from pathlib import Path

from . import process
from .tools import TARGET, say


class Models:
    def __init__(self, tools):
        self.tools = tools
        self.folder = TARGET / "models"

    def get(self, family, size, kind):
        """The model's folder or file."""
        if isinstance(kind, Path):
            return kind
        path = self.folder / f"{size}-{kind}"
        if path.exists():
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        # Others that this one is made from come first, so that only one is half made at a time.
        command = family.make(self, size, kind, beside := self.folder / f"new-{path.name}")
        say(f"making {path.name}")
        if beside.is_dir():
            shutil.rmtree(beside)
        try:
            process.run(command, self.tools.environment)
        except RuntimeError as e:
            raise RuntimeError(f"{path.name} cannot be made: {e}") from e
        beside.rename(path)
        forget(path)
        return path

    def quantize(self, model, target, kind):
        return self.tools.xlstm("quantize", model, target, "--type", kind)


def forget(path):
    """Drops files from the page cache, where what was just written lies in small pieces.

    Whoever maps them then finds them as they come from the disk, as downloaded models do.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    for file in path.rglob("*") if path.is_dir() else [path]:
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
