"""Checks src/ for what CONTRIBUTING.md rules out and a scanner can see: each pattern with its reason and its exceptions."""

import pathlib
import re
import sys

from check_sizes import blank

RULES = [
    (r"\bsystem_clock::now\b", "wall time comes from the injected clock", ("base",)),
    (r"\bstd::(?:ranges::)?views\b", "no view pipelines: loops and std::ranges algorithms read better", ()),
    (r"\bcatch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}", "an exception is not swallowed in silence", ()),
    (r"\b(?:std::)?(?:abort|exit|_Exit|quick_exit)\s*\(", "a library never ends the process that uses it", ("cli",)),
    (r"\b(?:std::)?(?:cout|cerr|printf|puts)\b", "a library never prints", ("cli",)),
    (r"\busing\s+namespace\s+std\b", "names of std are written out", ()),
    (r"\b(?:class|struct)\s+\w*(?:Utils?|Helpers?|Manager|Common)\b", "a name says what the thing is", ()),
]
FILE_NAME = re.compile(r"(?:^|_)(?:utils?|helpers?|manager|common|misc)(?:_|$)")


def breaches_in(path, layer):
    text = blank(path.read_text(encoding="utf-8"))
    if FILE_NAME.search(path.stem):
        yield 1, "a file name says what is inside"
    for pattern, reason, allowed in RULES:
        if layer not in allowed:
            for match in re.finditer(pattern, text):
                yield text.count("\n", 0, match.start()) + 1, f"{' '.join(match.group().split())}: {reason}"


def main(root):
    found = []
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        shown = path.relative_to(root)
        found += [f"{shown}:{line}: {what}" for line, what in breaches_in(path, shown.parts[1])]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
