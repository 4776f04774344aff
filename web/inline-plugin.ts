import { createHash } from "node:crypto";
import type { Plugin, Rollup } from "vite";

/** What the program replaces by the data of a report. */
export const PLACEHOLDER = "__LOADSTAR_REPORT_JSON__";

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** No request leaves the page: its one script runs by hash, images and styles are its own. */
function policy(script: string): string {
  return `default-src 'none'; script-src ${sha256(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Puts the built script and styles into the page, with a policy that fits them. Throws when anything would stay outside. */
export function inline_page(html: string, script: string, style: string): string {
  // These two sequences could end or confuse a script element; in a string or regular expression of JavaScript "\/" is "/".
  const safe_script = script.replace(/<\/(?=script)/gi, "<\\/");
  if (safe_script.includes("<!--")) throw new Error("the script holds <!--, which would change how the page is read");
  const bare = html.replace(/\s*<link rel="stylesheet"[^>]*>/g, "").replace(/\s*<script type="module"[^>]*><\/script>/g, "");
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy(safe_script)}">\n    <style>${style}</style>`;
  const page = bare
    .replace(/(<meta charset="[^"]*"\s*\/?>)/, (charset) => `${charset}\n    ${head}`)
    .replace("</body>", () => `  <script type="module">${safe_script}</script>\n  </body>`);
  if (count(page, PLACEHOLDER) !== 1) throw new Error(`the page must hold ${PLACEHOLDER} once, found ${count(page, PLACEHOLDER)} times`);
  if (/<(script|link|img|iframe)[^>]*\s(src|href)=/.test(page.replace(safe_script, () => ""))) throw new Error("the page would load something from outside");
  return page;
}

/** Vite plugin: one HTML file out, nothing beside it. */
export function inline_everything(): Plugin {
  return {
    name: "loadstar-inline",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const pages = files.filter((file): file is Rollup.OutputAsset => file.type === "asset" && file.fileName.endsWith(".html"));
      const scripts = files.filter((file): file is Rollup.OutputChunk => file.type === "chunk");
      const styles = files.filter((file): file is Rollup.OutputAsset => file.type === "asset" && file.fileName.endsWith(".css"));
      const [page, script] = [pages[0], scripts[0]];
      if (!page || !script || files.length !== 2 + styles.length) {
        throw new Error(`expected one page, one script and styles, found ${files.map((file) => file.fileName).join(", ")}`);
      }
      page.source = inline_page(String(page.source), script.code.trim(), styles.map((file) => String(file.source).trim()).join("\n"));
      // Leaving a file out is done by removing its key from the bundle.
      for (const file of [script, ...styles]) Reflect.deleteProperty(bundle, file.fileName);
    },
  };
}
