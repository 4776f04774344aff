/**
 * Looks at reports in a real browser: node tests/e2e/check-page.mjs [--pictures FOLDER] [FILE ...]
 *
 * Each FILE is a page that the program wrote. Without one, the sample with every section is looked at, with all that a
 * reader can do on it, and pages whose data are broken. CHROMIUM names the browser; script/check-page finds one.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";
import { address, bare_page, complaints, page_with, sample, sample_page } from "./pages.mjs";
import { check_first_paint, check_print, check_view } from "./views.mjs";

/** @typedef {import("playwright-core").Browser} Browser */

const VIEWS = ["en", "zh"].flatMap((lang) =>
  /** @type {const} */ (["light", "dark"]).flatMap((theme) => [1366, 390].map((width) => ({ lang, theme, width }))),
);
/** Of a page of the program: both languages, looks and widths, each once. */
const SHORT_VIEWS = VIEWS.filter(({ lang, theme, width }) => (lang === "en") === (theme === "light") && (lang === "en") === (width === 1366));

/** @param {Browser} browser @param {string} file */
async function open(browser, file, query = {}) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  const complained = complaints(page);
  await page.goto(address(file, query));
  return { page, complained };
}

/** Every button that shows a table shows one, by keyboard; language and look can be switched. @param {Browser} browser @param {string} file */
async function check_controls(browser, file) {
  const { page, complained } = await open(browser, file);
  const buttons = page.getByRole("button", { name: "Show as table" });
  await buttons.first().waitFor();
  const count = await buttons.count();
  assert.ok(count >= 8, `found ${count} table buttons`);
  for (let left = count; left > 0; left -= 1) {
    await buttons.first().focus();
    await page.keyboard.press("Enter");
  }
  assert.equal(await page.locator(".figure-table table tbody tr:first-child").count(), count);
  await page.getByLabel("Show", { exact: true }).selectOption("2025-08");
  await page.getByRole("heading", { name: "How the bill adds up: Aug 2025" }).waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { name: "示例电子厂" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  await page.getByRole("button", { name: "外观" }).click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.deepEqual(complained, []);
  await page.close();
}

/** The pointer is told the value under it, with its unit and the tariff band. @param {Browser} browser @param {string} file */
async function check_hints(browser, file) {
  const { page, complained } = await open(browser, file);
  await page.locator("#load_forecast .chart").first().hover();
  await page.getByText(/8 of 10 cases/).last().waitFor();
  const hint = await page.locator("#load_forecast").innerText();
  assert.match(hint, /\d\s?kW[\s\S]*per kWh/, "a chart tells power and price");
  await page.locator("#year_heat_map canvas").hover();
  assert.match(await page.locator("#year_heat_map .heat-hint").innerText(), /\d\s?kW/);
  assert.deepEqual(complained, []);
  await page.close();
}

/** The policy refuses what a report could be tricked into. @param {Browser} browser @param {string} file */
async function check_policy(browser, file) {
  const { page } = await open(browser, file);
  await page.locator("section").last().waitFor();
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.was_run = true";
    document.body.append(script);
    return "was_run" in window;
  });
  assert.equal(ran, false, "an inline script that is not the page's own was run");
  await page.close();
}

/** A page says what is wrong with its data, and where. @param {Browser} browser @param {string} file @param {RegExp} expected */
async function check_refusal(browser, file, expected) {
  const { page, complained } = await open(browser, file, { lang: "en" });
  await page.getByRole("heading", { name: "This report cannot be shown" }).waitFor();
  assert.match(await page.locator("main").innerText(), expected);
  assert.deepEqual(complained, []);
  await page.close();
}

/** @param {Browser} browser */
async function check_refusals(browser) {
  const wrong = JSON.parse(JSON.stringify(sample));
  wrong.bill.months[0].total_cost = "a lot";
  await check_refusal(browser, bare_page(), /holds no data/);
  await check_refusal(browser, page_with("cut", JSON.stringify(sample).slice(0, 1000)), /not valid JSON/);
  await check_refusal(browser, page_with("foreign", JSON.stringify({ schema: "somebody.else/7" })), /somebody\.else\/7/);
  await check_refusal(browser, page_with("wrong", JSON.stringify(wrong)), /bill\.months\[0\]\.total_cost/);
}

/** @param {Browser} browser @param {string} file @param {typeof VIEWS} views @param {string | undefined} folder */
async function check_file(browser, file, views, folder) {
  const kept = (/** @type {string} */ what) => (folder ? join(folder, `${basename(file, ".html")}-${what}`) : undefined);
  for (const view of views) {
    const name = `${view.lang}-${view.theme}-${view.width}`;
    await check_view(browser, file, view, kept(`${name}.png`));
    console.log(`ok  ${basename(file)} ${name}`);
  }
  await check_first_paint(browser, file);
  for (const lang of ["en", "zh"]) {
    const pages = await check_print(browser, file, lang, kept(`${lang}.pdf`));
    console.log(`ok  ${basename(file)} ${lang} prints on ${pages} pages`);
  }
}

/** @param {Browser} browser @param {string | undefined} folder */
async function check_sample(browser, folder) {
  const file = sample_page();
  await check_file(browser, file, VIEWS, folder);
  await check_controls(browser, file);
  await check_hints(browser, file);
  await check_policy(browser, file);
  await check_refusals(browser);
  console.log("ok  controls, hints, policy, pages with broken data");
}

async function main() {
  const files = process.argv.slice(2);
  const pictures = files[0] === "--pictures" ? files.splice(0, 2)[1] : undefined;
  if (pictures) mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    if (files.length === 0) await check_sample(browser, pictures);
    for (const file of files) await check_file(browser, file, SHORT_VIEWS, pictures);
  } finally {
    await browser.close();
  }
}

await main();
