import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

/** Sizes of the house: look again above these. */
const sizes = { "max-lines": ["error", 700], "max-params": ["error", 4] };

export default defineConfig(
  globalIgnores(["dist", "node_modules", "tests/e2e/output"]),
  js.configs.recommended,
  ts.configs.strict,
  hooks.configs.flat.recommended,
  { rules: { ...sizes, eqeqeq: "error", "no-console": "error" } },
  { files: ["sample/**", "tests/**"], rules: { "no-console": "off" }, languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", window: "readonly", document: "readonly" } } },
);
