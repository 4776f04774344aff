/** Writes sample/report.json and, from the built template, sample/report.html. */
import { readFileSync, writeFileSync } from "node:fs";
import { make_sample } from "./make-sample.mjs";

const json = JSON.stringify(make_sample());
const template = readFileSync(new URL("../dist/report.html", import.meta.url), "utf8");
writeFileSync(new URL("report.json", import.meta.url), json);
writeFileSync(
  new URL("report.html", import.meta.url),
  template.replace("__LOADSTAR_REPORT_JSON__", () => json.replaceAll("<", "\\u003c")),
);
console.log(`sample/report.json (${json.length} characters) and sample/report.html written`);
