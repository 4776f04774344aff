/** Small building blocks that check parsed JSON against a TypeScript type and say where it differs. */

/** One difference: where (`plan.load_kw.values[3]`), what was found, what was expected. */
export interface Problem {
  path: string;
  found: string;
  expected: string;
}

/** Reports every difference of `value` from T. The type parameter ties a check to its type at compile time. */
export interface Check<T> {
  (value: unknown, path: string, problems: Problem[]): void;
  /** An absent key is fine. */
  readonly optional?: boolean;
  /** Never set; carries T for the compiler. */
  readonly type?: T;
}

/** A check for each key of T: a key that is missing here does not compile. */
export type Fields<T> = { [K in keyof T]-?: Check<Exclude<T[K], undefined>> };

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function simple<T>(expected: string, accepts: (value: unknown) => boolean): Check<T> {
  return (value, path, problems) => {
    if (!accepts(value)) problems.push({ path, found: describe(value), expected });
  };
}

export const text_value = simple<string>("text", (value) => typeof value === "string");
export const number_value = simple<number>("a number", (value) => typeof value === "number");
export const number_or_null = simple<number | null>("a number or null", (value) => value === null || typeof value === "number");
export const flag = simple<boolean>("true or false", (value) => typeof value === "boolean");

export const instant = simple<string>(
  "an instant with offset such as 2018-03-06T00:00:00+09:00",
  (value) =>
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);
export const local_date = simple<string>("a day such as 2018-03-06", (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value));
export const local_month = simple<string>("a month such as 2018-03", (value) => typeof value === "string" && /^\d{4}-\d\d$/.test(value));

export const positive_number = simple<number>("a number above zero", (value) => typeof value === "number" && value > 0);

export function one_of<T extends string>(...allowed: T[]): Check<T> {
  return simple(`one of ${allowed.join(", ")}`, (value) => (allowed as unknown[]).includes(value));
}

export function optional<T>(check: Check<T>): Check<T> {
  return Object.assign((value: unknown, path: string, problems: Problem[]) => check(value, path, problems), { optional: true });
}

export function list<T>(item: Check<T>): Check<T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push({ path, found: describe(value), expected: "a list" });
      return;
    }
    value.forEach((entry, index) => item(entry, `${path}[${index}]`, problems));
  };
}

export function object<T>(fields: Fields<T>): Check<T> {
  return (value, path, problems) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      problems.push({ path: path || "the report", found: describe(value), expected: "an object" });
      return;
    }
    const record = value as Record<string, unknown>;
    for (const [key, check] of Object.entries(fields) as [string, Check<unknown>][]) {
      if (record[key] === undefined && check.optional) continue;
      check(record[key], path ? `${path}.${key}` : key, problems);
    }
  };
}
