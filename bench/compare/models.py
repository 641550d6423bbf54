"""The models of random weights, made when they are first needed and kept."""
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
        return path

    def quantize(self, model, target, kind):
        return self.tools.xlstm("quantize", model, target, "--type", kind)
