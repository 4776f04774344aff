export type Theme = "light" | "dark";

/** `?theme=` first, else what the reader's system asks for. */
export function starting_theme(address: URLSearchParams): Theme {
  const wanted = address.get("theme");
  if (wanted === "light" || wanted === "dark") return wanted;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
