"""Tests check_architecture.py on small trees that disagree with themselves."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import check_architecture


class Agreement(unittest.TestCase):
    def check(self, folders, rows, table):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for folder in ["docs", "cmake", "src", *(f"src/{folder}" for folder in folders)]:
                (root / folder).mkdir(parents=True)
            (root / "docs" / "architecture.md").write_text("\n".join(rows) + "\n", encoding="utf-8")
            (root / "cmake" / "layers.cmake").write_text(table, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                status = check_architecture.main(root)
        return status, printed.getvalue()

    def test_a_true_table_passes(self):
        rows = ["| `src/base/` | words | |", "| `src/site/` | words | base |"]
        self.assertEqual(self.check(["base", "site"], rows, "set(base_uses)\nset(site_uses base)\n")[0], 0)

    def test_a_folder_without_a_row_fails(self):
        status, printed = self.check(["base", "site"], ["| `src/base/` | words | |"], "set(base_uses)\n")
        self.assertEqual(status, 1)
        self.assertIn("no table row for src/site/, which exists", printed)

    def test_a_row_without_a_folder_fails(self):
        status, printed = self.check([], ["| `src/base/` | words | |"], "set(base_uses)\n")
        self.assertEqual(status, 1)
        self.assertIn("a table row for src/base/, which does not exist", printed)

    def test_an_arrow_that_the_build_does_not_have_fails(self):
        rows = ["| `src/base/` | words | |", "| `src/site/` | words | base |"]
        status, printed = self.check(["base", "site"], rows, "set(base_uses)\nset(site_uses)\n")
        self.assertEqual(status, 1)
        self.assertIn("src/site/ may include ['base'], cmake/layers.cmake says []", printed)


if __name__ == "__main__":
    unittest.main()
