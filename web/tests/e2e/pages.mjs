/** Pages to look at in a browser: where they come from, and what the browser says about them. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL, URLSearchParams } from "node:url";
import { make_sample } from "../../sample/make-sample.mjs";

/** The page without data, as the program embeds it. */
const template = process.env.LOADSTAR_TEMPLATE ?? new URL("../../dist/report.html", import.meta.url);
const PLACEHOLDER = "__LOADSTAR_REPORT_JSON__";
const folder = mkdtempSync(join(tmpdir(), "loadstar-pages-"));

/** Writes a page with some text in the place of its data. @param {string} name @param {string} text @returns {string} the file */
export function page_with(name, text) {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, readFileSync(template, "utf8").replace(PLACEHOLDER, () => text.replaceAll("<", "\\u003c")));
  return file;
}

export const sample = make_sample();

/** The sample with every section. */
export const sample_page = () => page_with("sample", JSON.stringify(sample));
/** The page that nobody filled. */
export const bare_page = () => page_with("bare", PLACEHOLDER);

/** @param {string} file @returns {any} the data inside a page */
export function data_of(file) {
  const [, text = "{}"] = /<script id="loadstar-report" type="application\/json">([^<]*)</.exec(readFileSync(file, "utf8")) ?? [];
  return JSON.parse(text);
}

/** @param {any} data @returns {string[]} ids of the sections of a report */
export const sections_of = (data) => Object.keys(data).filter((key) => !["schema", "generated_at", "version", "lang", "site"].includes(key));

/** @param {string} file @param {Record<string, string>} query */
export const address = (file, query = {}) => `${pathToFileURL(file)}?${new URLSearchParams(query)}`;

/**
 * What the browser complains about, filled as the page lives: errors, warnings, and any request beyond the file itself.
 * @param {import("playwright-core").Page} page @returns {string[]}
 */
export function complaints(page) {
  /** @type {string[]} */
  const list = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && list.push(message.text()));
  page.on("pageerror", (error) => list.push(String(error)));
  let loaded = false;
  page.on("request", (request) => {
    const is_page = !loaded && request.isNavigationRequest() && request.url().startsWith("file:");
    loaded ||= is_page;
    if (!is_page && !/^(data|blob|about):/.test(request.url())) list.push(`request to ${request.url()}`);
  });
  return list;
}
