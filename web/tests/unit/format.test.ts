import { describe, expect, it } from "vitest";
import { make_format } from "../../src/i18n/format.ts";

const english = make_format({ language: "en", zone: "Asia/Shanghai", currency: "CNY" });
const chinese = make_format({ language: "zh", zone: "Asia/Shanghai", currency: "CNY" });
const SPACE = "\u00a0";

describe("figures", () => {
  it("shows a dash where there is no value", () => {
    expect(english.number(null)).toBe("–");
    expect(english.money(undefined)).toBe("–");
    expect(english.quantity(null, "kWh")).toBe("–");
  });

  it("groups digits and keeps the decimals it was asked for", () => {
    expect(english.number(1234.5)).toBe("1,235");
    expect(english.number(1234, 2)).toBe("1,234.00");
    expect(english.amount(7)).toBe("7.00");
  });

  it("puts the unit behind a space that does not break", () => {
    expect(english.quantity(1234, "kWh")).toBe(`1,234${SPACE}kWh`);
    expect(english.percent(12.34)).toBe(`12.3${SPACE}%`);
  });

  it("signs a change, but not zero", () => {
    expect(english.change(4.2)).toBe(`+4.2${SPACE}%`);
    expect(english.change(-4.2)).toBe(`-4.2${SPACE}%`);
    expect(english.change(0)).toBe(`0.0${SPACE}%`);
    expect(english.signed(1234.56, 1)).toBe("+1,234.6");
    expect(english.signed(-0.04, 1)).toBe("0.0");
  });
});

describe("money", () => {
  it("shows cents only of small amounts", () => {
    expect(english.money(999.5)).toBe(`CNY${SPACE}999.50`);
    expect(english.money(1000)).toBe(`CNY${SPACE}1,000`);
    expect(english.money(-1000)).toBe(`-CNY${SPACE}1,000`);
    expect(english.money(1000, 2)).toBe(`CNY${SPACE}1,000.00`);
  });

  it("takes a quantity in the currency for money", () => {
    expect(english.quantity(12, "CNY")).toBe(english.money(12));
  });

  it("uses the symbol in Chinese", () => {
    expect(chinese.money(12)).toBe("¥12.00");
  });
});

describe("times", () => {
  it("shows instants in the zone of the site", () => {
    const instant = Date.parse("2018-03-05T16:30:00Z");
    expect(english.time(instant)).toBe("00:30");
    expect(english.date(instant)).toBe("6 Mar 2018");
    expect(chinese.date(instant)).toBe("2018年3月6日");
  });

  it("leaves calendar days and months where they are in any zone", () => {
    const west = make_format({ language: "en", zone: "America/Los_Angeles", currency: "USD" });
    expect(west.calendar_day("2018-03-06")).toContain("6 Mar 2018");
    expect(west.calendar_month("2018-03")).toBe("Mar 2018");
    expect(west.month_name("2018-03")).toBe("Mar");
  });
});
