import { describe, expect, it } from "vitest";
import { read_report, validate } from "../../src/report/validate.ts";

const period = { start: "2018-03-06T00:00:00+09:00", end: "2018-03-07T00:00:00+09:00" };
const site = { name: { en: "Works", zh: "工厂" }, zone: "Asia/Seoul", currency: "KRW", period };
const report = { schema: "loadstar.report/1", generated_at: "2018-03-07T08:00:00+09:00", version: "0.1.0", lang: "en", site };

/** Where a report of a wrong shape differs. */
function problem_paths(data: unknown): string[] {
  const result = validate(data);
  return result.outcome === "wrong_shape" ? result.problems.map((problem) => problem.path) : [];
}

describe("validate", () => {
  it("accepts a report without any section", () => {
    expect(validate(report)).toEqual({ outcome: "report", report });
  });

  it("accepts a reason in the place of a section", () => {
    const reason = { not_available: { en: "No contract", zh: "没有合同" } };
    expect(validate({ ...report, bill: reason }).outcome).toBe("report");
    expect(problem_paths({ ...report, bill: { not_available: "No contract" } })).toEqual(["bill.not_available"]);
  });

  it("names the schema it does not know", () => {
    expect(validate({ ...report, schema: "loadstar.report/9" })).toEqual({ outcome: "unknown_schema", found: '"loadstar.report/9"' });
    expect(validate({})).toEqual({ outcome: "unknown_schema", found: "nothing" });
    expect(validate(null)).toEqual({ outcome: "unknown_schema", found: "nothing" });
  });

  it("says where every difference is", () => {
    const load_duration = { meter: site.name, hours: [0, "1"], kw: null };
    expect(problem_paths({ ...report, lang: "fr", load_duration })).toEqual(["lang", "load_duration.hours[1]", "load_duration.kw"]);
  });

  it("refuses an instant without an offset", () => {
    expect(problem_paths({ ...report, generated_at: "2018-03-07T08:00:00" })).toEqual(["generated_at"]);
  });

  it("refuses a zone and a currency that do not exist", () => {
    expect(problem_paths({ ...report, site: { ...site, zone: "Asia/Nowhere", currency: "won" } })).toEqual(["site.zone", "site.currency"]);
  });
});

describe("read_report", () => {
  it("reads a filled template", () => {
    expect(read_report(`\n${JSON.stringify(report)}\n`).outcome).toBe("report");
  });

  it("tells a template that was never filled from broken data", () => {
    expect(read_report(" placeholder ")).toEqual({ outcome: "no_data" });
    expect(read_report("{").outcome).toBe("not_json");
  });
});
