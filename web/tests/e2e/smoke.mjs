/**
 * Loads the sample report in a real browser, in both languages, themes and on two widths, and prints it.
 * Needs sample/report.html (`npm run sample`). CHROMIUM names another browser; `--pictures` keeps screenshots and the PDF in tests/e2e/output.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";
const sample = fileURLToPath(new URL("../../sample/report.html", import.meta.url));
const template = fileURLToPath(new URL("../../dist/report.html", import.meta.url));
const output = new URL("output/", import.meta.url);
const pictures = process.argv.includes("--pictures");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SECTIONS = Object.keys(JSON.parse(readFileSync(new URL("../../sample/report.json", import.meta.url), "utf8"))).filter(
  (key) => !["schema", "generated_at", "version", "lang", "site"].includes(key),
);
/** What a forgotten label or value would look like. */
const LEAKS = /\b(undefined|NaN|Invalid Date|\[object)\b|\{\w+\}|\b(section|page|figure|bill|plan|costs|reasons|replay|backtest|alarms|advice|quality)\.[a-z_]+\b/;

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @returns {string[]} what the browser complains about, filled as the page lives */
function complaints(page) {
  /** @type {string[]} */
  const list = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && list.push(message.text()));
  page.on("pageerror", (error) => list.push(String(error)));
  page.on("request", (request) => /^(file|data|blob|about):/.test(request.url()) || list.push(`request to ${request.url()}`));
  return list;
}

/** @param {Page} page @param {string} name */
async function picture(page, name) {
  if (pictures) await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, output)), fullPage: true });
}

/** @param {Page} page */
async function check_layout(page) {
  const { wide, inner } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
  assert.ok(wide <= inner, `the page is ${wide} px wide in a window of ${inner} px`);
  for (const id of SECTIONS) {
    const box = await page.locator(`section#${id}`).boundingBox();
    assert.ok(box && box.height > 60, `section ${id} is not visible`);
  }
  const blank = await page.locator(".chart").evaluateAll((charts) => charts.filter((chart) => chart.querySelectorAll("svg path").length < 3).length);
  assert.equal(blank, 0, "charts without a drawing");
}

/** @param {Page} page */
async function check_accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run();
    return violations
      .filter((/** @type {any} */ violation) => ["serious", "critical"].includes(violation.impact))
      .map((/** @type {any} */ violation) => `${violation.id}: ${violation.nodes.map((/** @type {any} */ node) => node.target.join(" ")).slice(0, 4).join(", ")}`);
  });
  assert.deepEqual(found, []);
}

/** @param {import("playwright-core").Browser} browser @param {{ lang: string, theme: "light" | "dark", width: number }} view */
async function check_view(browser, { lang, theme, width }) {
  // The test injects axe, which the page's own policy would refuse; that policy is checked in check_policy.
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
  const complained = complaints(page);
  await page.goto(`${pathToFileURL(sample)}?lang=${lang}&theme=${theme}`);
  await page.locator("section").last().waitFor();
  await check_layout(page);
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, LEAKS);
  assert.equal(/[\u4e00-\u9fff]/.test(await page.locator("main").innerText()), lang === "zh", `language of the page in ${lang}`);
  await check_accessibility(page);
  await picture(page, `${lang}-${theme}-${width}`);
  assert.deepEqual(complained, []);
  await page.close();
}

/** Every button that shows a table shows one, by keyboard; the language switch works. @param {import("playwright-core").Browser} browser */
async function check_controls(browser) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  const complained = complaints(page);
  await page.goto(`${pathToFileURL(sample)}`);
  const buttons = page.getByRole("button", { name: "Show as table" });
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
  await page.locator(".heat-field canvas").first().hover();
  assert.match(await page.locator(".heat-hint").innerText(), /kW/);
  assert.deepEqual(complained, []);
  await page.close();
}

/** The policy refuses what a report could be tricked into. @param {import("playwright-core").Browser} browser */
async function check_policy(browser) {
  const page = await browser.newPage();
  await page.goto(`${pathToFileURL(sample)}`);
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

/** The bare template says that it holds no data. @param {import("playwright-core").Browser} browser */
async function check_template(browser) {
  const page = await browser.newPage();
  const complained = complaints(page);
  await page.goto(`${pathToFileURL(template)}?lang=en`);
  await page.getByRole("heading", { name: "This report cannot be shown" }).waitFor();
  assert.deepEqual(complained, []);
  await page.close();
}

/** @param {import("playwright-core").Browser} browser @param {string} lang */
async function check_print(browser, lang) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  await page.goto(`${pathToFileURL(sample)}?lang=${lang}&theme=dark`);
  await page.locator("section").last().waitFor();
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages >= 5 && pages <= 30, `printed ${pages} pages`);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 688, height: 900 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 688, `the printed page needs ${wide} px, the paper has 688 px`);
  if (pictures) writeFileSync(new URL(`${lang}.pdf`, output), pdf);
  await page.close();
  return pages;
}

async function main() {
  if (!existsSync(executable)) {
    console.log(`skipped: no browser at ${executable}; set CHROMIUM to one`);
    return;
  }
  if (!existsSync(sample)) throw new Error("sample/report.html is missing; run npm run sample first");
  if (pictures) mkdirSync(output, { recursive: true });
  const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
  try {
    for (const lang of ["en", "zh"]) {
      for (const theme of /** @type {const} */ (["light", "dark"])) {
        for (const width of [1366, 390]) {
          await check_view(browser, { lang, theme, width });
          console.log(`ok  ${lang} ${theme} ${width} px`);
        }
      }
      console.log(`ok  ${lang} prints on ${await check_print(browser, lang)} pages`);
    }
    await check_controls(browser);
    await check_policy(browser);
    await check_template(browser);
    console.log("ok  controls, policy, bare template");
  } finally {
    await browser.close();
  }
}

await main();
