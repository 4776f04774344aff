"""Checks that every verb that a README shows (`loadstar <verb>`) is one that `loadstar --help` lists."""

import pathlib
import re
import subprocess
import sys

root, program = pathlib.Path(sys.argv[1]), sys.argv[2]
help_text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
offered = set(re.findall(r"^\s{2,}([a-z]+)\b", help_text, flags=re.MULTILINE))

unknown, shown = [], 0
for path in [root / "README.md", *sorted(root.glob("examples/*/README.md"))]:
    if not path.exists():
        continue
    code = re.findall(r"```.*?```|`[^`\n]+`", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for verb in re.findall(r"(?:^|[\s/`$])loadstar ([a-z]+)", "\n".join(code)):
        shown += 1
        if verb not in offered:
            unknown.append(f"{path.relative_to(root)}: `loadstar {verb}` is not among the verbs of loadstar --help")

print("\n".join(unknown) or f"{shown} mentions of verbs, all known")
sys.exit(1 if unknown or not offered else 0)
