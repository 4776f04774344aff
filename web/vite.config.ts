import react from "@vitejs/plugin-react";
import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { inline_everything, PLACEHOLDER } from "./inline-plugin.ts";

const SAMPLE = new URL("sample/report.json", import.meta.url);

/** `npm run dev` shows the sample; the build leaves the placeholder for the program. */
function sample_in_dev(): Plugin {
  return {
    name: "loadstar-sample",
    apply: "serve",
    transformIndexHtml(html) {
      if (!existsSync(SAMPLE)) return html;
      return html.replace(PLACEHOLDER, () => readFileSync(SAMPLE, "utf8").replaceAll("<", "\\u003c"));
    },
  };
}

export default defineConfig({
  plugins: [react(), sample_in_dev(), inline_everything()],
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: "report.html" },
  },
  test: { include: ["tests/unit/**/*.test.{ts,tsx}"] },
});
