import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Language = "en" | "zh";
export type Key = keyof typeof en;

export const catalogues: Record<Language, Record<Key, string>> = { en, zh };

/** Values for the `{placeholders}` of a label. */
export type Parameters = Record<string, string | number>;

/** The label of `key` in a language, its placeholders filled. A placeholder without a value is a defect and throws. */
export function translate(language: Language, key: Key, parameters: Parameters = {}): string {
  return catalogues[language][key].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`label ${key} needs a value for {${name}}`);
    return String(value);
  });
}

/** The names of the placeholders in a label, sorted. */
export function placeholders(label: string): string[] {
  return [...label.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}
