"""Tests the scanner of check_sizes.py: a check that cannot fail is no check."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import check_sizes


def found(text):
    return [(first, length) for first, length, _ in check_sizes.functions(check_sizes.blank(text))]


class Scanner(unittest.TestCase):
    def test_finds_functions_inside_namespaces_and_classes(self):
        text = "namespace a {\nint f(int x) {\n    return x;\n}\nclass B {\n    int g() const noexcept {\n        return 1;\n    }\n};\n}\n"
        self.assertEqual(found(text), [(2, 3), (6, 3)])

    def test_braces_in_literals_and_comments_do_not_count(self):
        text = "int f() {\n    // {\n    return '{' + \"{{\"[0] + R\"x({)x\"[0];\n}\nint g() {\n}\n"
        self.assertEqual(found(text), [(1, 4), (5, 2)])

    def test_a_lambda_belongs_to_its_function(self):
        self.assertEqual(found("void f() {\n    run([](int x) {\n        use(x);\n    });\n}\n"), [(1, 5)])

    def test_a_constructor_with_member_initialisers_is_one_function(self):
        self.assertEqual(found("A::A(int x) : x_{x}, y_{1} {\n    go();\n}\nint h() {\n}\n"), [(1, 3), (4, 2)])

    def test_a_trailing_return_type_and_a_template_are_seen(self):
        self.assertEqual(found("template <class T>\nauto f(T x) -> decltype(x) {\n    return x;\n}\n"), [(1, 4)])

    def test_tables_and_initialisers_are_not_functions(self):
        self.assertEqual(found("const Row table[] = {\n    {1, 2},\n    {3, 4},\n};\nint x{f()};\n"), [])

    def test_digit_separators_do_not_start_a_literal(self):
        self.assertEqual(found("int f() {\n    return 1'000 + 2'000;\n}\n"), [(1, 3)])

    def test_a_long_function_and_a_long_file_fail(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "src", "base")
            source.mkdir(parents=True)
            (source / "long.cpp").write_text("void f() {\n" + "    g();\n" * 60 + "}\n")
            (source / "large.cpp").write_text("int x;\n" * 701)
            program = pathlib.Path(__file__).with_name("check_sizes.py")
            done = subprocess.run([sys.executable, program, folder], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("src/base/long.cpp:1: 62 lines, the limit of a function is 60: void f()", done.stdout)
        self.assertIn("src/base/large.cpp: 701 lines, the limit of a file is 700", done.stdout)


if __name__ == "__main__":
    unittest.main()
