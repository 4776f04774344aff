/** What must hold for every page with a report, whoever made its data. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { address, complaints, data_of, sections_of } from "./pages.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a forgotten label or value would look like. */
const LEAKS = /\b(undefined|NaN|Invalid Date|\[object)\b|\{\w+\}|\b(section|page|figure|bill|plan|costs|reasons|replay|whatif|backtest|alarms|advice|quality)\.[a-z_]+\b/;
/** Width of the text on A4, px. */
const PAPER = 688;

/** @typedef {import("playwright-core").Page} Page @typedef {import("playwright-core").Browser} Browser */
/** @typedef {{ lang: string, theme: "light" | "dark", width: number }} View */

/** @param {Page} page */
async function check_width(page, name = "page") {
  const { wide, inner } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, inner: window.innerWidth }));
  assert.ok(wide <= inner, `the ${name} is ${wide} px wide in a window of ${inner} px`);
}

/** Every section shows something, every chart is drawn. @param {Page} page @param {string[]} sections */
async function check_sections(page, sections) {
  for (const id of sections) {
    const box = await page.locator(`section#${id}`).boundingBox();
    assert.ok(box && box.height > 60, `section ${id} is not visible`);
  }
  const blank = await page.locator(".chart").evaluateAll((charts) =>
    charts.filter((chart) => chart.querySelectorAll("svg path").length < 3).map((chart) => chart.closest("section")?.id),
  );
  assert.deepEqual(blank, [], "charts without a drawing");
  const unpainted = await page.locator("canvas").evaluateAll((fields) =>
    fields.filter((field) => {
      const canvas = /** @type {HTMLCanvasElement} */ (field);
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return !pixels.some((part) => part > 0);
    }).length,
  );
  assert.equal(unpainted, 0, "heat maps without a colour");
}

/** No label of a chart or heat map lies on another one. @param {Page} page */
async function check_overlaps(page) {
  const overlaps = await page.locator(".chart svg, .heat-columns, .heat-rows").evaluateAll((drawings) => {
    /** @param {DOMRect} a @param {DOMRect} b */
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
    return drawings.flatMap((drawing) => {
      const labels = [...drawing.querySelectorAll("text, span")].map((label) => ({ text: label.textContent?.trim(), box: label.getBoundingClientRect() }));
      return labels.flatMap((one, index) =>
        labels
          .slice(index + 1)
          .filter((other) => one.text && other.text && one.text !== other.text && meet(one.box, other.box))
          .map((other) => `${drawing.closest("section")?.id}: “${one.text}” and “${other.text}”`),
      );
    });
  });
  assert.deepEqual(overlaps, [], "labels on top of each other");
}

/** Fields that were not drawn yet when the browser said that the page is loaded. @param {Browser} browser @param {string} file */
export async function check_first_paint(browser, file) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  await page.addInitScript(() => {
    window.addEventListener("load", () => {
      const charts = [...document.querySelectorAll(".chart")];
      const blank = charts.filter((chart) => chart.querySelectorAll("svg path").length < 3).length;
      Object.assign(window, { first_paint: { charts: charts.length, blank } });
    });
  });
  await page.goto(address(file));
  const { charts, blank } = await page.evaluate(() => /** @type {any} */ (window).first_paint);
  assert.ok(charts > 0, "nothing is drawn when the page is loaded");
  assert.equal(blank, 0, `${blank} of ${charts} charts are blank when the page is loaded`);
  await page.close();
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

/** Texts of the page are in its language; names that the owner gave stay as they are. @param {Page} page @param {string} lang */
async function check_language(page, lang) {
  assert.doesNotMatch(await page.locator("body").innerText(), LEAKS);
  const headings = await page.locator("main h2").allInnerTexts();
  for (const heading of headings) assert.equal(/[\u4e00-\u9fff]/.test(heading), lang === "zh", `heading “${heading}” in ${lang}`);
}

/**
 * Opens a report in one language, look and width.
 * @param {Browser} browser @param {string} file @param {View} view @param {string} [picture] where to keep a picture
 */
export async function check_view(browser, file, { lang, theme, width }, picture) {
  // The test injects axe, which the page's own policy would refuse; that policy is checked by itself.
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
  const complained = complaints(page);
  await page.goto(address(file, { lang, theme }));
  await page.locator("section").last().waitFor();
  await check_width(page);
  await check_sections(page, sections_of(data_of(file)));
  await check_overlaps(page);
  await check_language(page, lang);
  if (lang === "en") await check_accessibility(page);
  if (picture) await page.screenshot({ path: picture, fullPage: true });
  assert.deepEqual(complained, []);
  await page.close();
}

/**
 * Prints a report: all sections are on the paper, and it is wide enough.
 * @param {Browser} browser @param {string} file @param {string} lang @param {string} [keep] where to keep the PDF
 * @returns {Promise<number>} pages
 */
export async function check_print(browser, file, lang, keep) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 900 } });
  await page.goto(address(file, { lang, theme: "dark" }));
  await page.locator("section").last().waitFor();
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages >= 3 && pages <= 30, `printed ${pages} pages`);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: PAPER, height: 900 });
  await check_width(page, "printed page");
  await check_sections(page, sections_of(data_of(file)));
  await check_overlaps(page);
  assert.equal(await page.locator(".bar").isVisible(), false, "the buttons are printed");
  if (keep) writeFileSync(keep, pdf);
  await page.close();
  return pages;
}
