"""Checks that the table of docs/architecture.md agrees with the folders of src/ and with cmake/layers.cmake."""

import pathlib
import re
import sys


def rows_of(text):
    """The rows of the table: folder -> the layers it may include."""
    rows = re.findall(r"^\| `src/([a-z_]+)/` \|[^|]*\|([^|]*)\|", text, flags=re.MULTILINE)
    everything = [folder for folder, _ in rows if folder not in ("service", "cli")]
    return {folder: set(everything if "every layer" in uses else uses.split()) for folder, uses in rows}


def layers_of(text):
    """The same from the calls `set(<layer>_uses ...)` of cmake/layers.cmake."""
    uses = {}
    for layer, value in re.findall(r"^set\(([a-z]+)_uses([^)]*)\)", text, flags=re.MULTILINE):
        words = re.sub(r"\$\{([a-z]+)_uses\}", lambda match: " ".join(uses[match.group(1)]), value)
        uses[layer] = set(words.split())
    return uses


def main(root):
    rows = rows_of((root / "docs" / "architecture.md").read_text(encoding="utf-8"))
    layers = layers_of((root / "cmake" / "layers.cmake").read_text(encoding="utf-8"))
    present = {path.name for path in (root / "src").iterdir() if path.is_dir()}
    breaches = [f"no table row for src/{folder}/, which exists" for folder in sorted(present - rows.keys())]
    breaches += [f"a table row for src/{folder}/, which does not exist" for folder in sorted(rows.keys() - present)]
    for folder in sorted(rows.keys() | layers.keys()):
        shown, meant = sorted(rows.get(folder, ())), sorted(layers.get(folder, ()))
        if shown != meant:
            breaches.append(f"src/{folder}/ may include {shown}, cmake/layers.cmake says {meant}")
    print("\n".join(f"docs/architecture.md: {breach}" for breach in breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
