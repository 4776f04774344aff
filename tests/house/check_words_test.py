"""Tests check_words.py: each rule must be able to fail, and comments and literals must not trip it."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import check_words


class Words(unittest.TestCase):
    def check(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "src", name)
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                status = check_words.main(pathlib.Path(folder))
        return status, printed.getvalue()

    def test_each_rule_fails_on_its_example(self):
        for text in (
            "auto t = std::chrono::system_clock::now();",
            "for (int x : std::views::iota(0, 3)) {}",
            "try { f(); } catch (...) {\n}",
            "std::exit(1);",
            "std::cout << 1;",
            "using namespace std;",
            "class PlanManager {};",
        ):
            with self.subTest(text=text):
                status, printed = self.check("plan/a.cpp", "\n" + text + "\n")
                self.assertEqual(status, 1)
                self.assertIn("src/plan/a.cpp:2: ", printed)

    def test_a_file_name_that_says_nothing_fails(self):
        self.assertEqual(self.check("plan/time_utils.cpp", "")[0], 1)

    def test_comments_and_literals_are_free(self):
        self.assertEqual(self.check("plan/a.cpp", '// std::cout\nconst char* x = "exit(1)";\n')[0], 0)

    def test_the_layers_that_may_do_so(self):
        self.assertEqual(self.check("cli/a.cpp", "std::cout << 1;\n")[0], 0)
        self.assertEqual(self.check("base/clock.cpp", "auto t = std::chrono::system_clock::now();\n")[0], 0)


if __name__ == "__main__":
    unittest.main()
