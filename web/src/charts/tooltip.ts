/** One line of a tooltip: a name with its value, and the colour it is drawn in. */
export interface TooltipRow {
  name: string;
  value: string;
  colour?: string;
}

/** Builds the tooltip as elements, never as HTML text: names come from the user's files. */
export function tooltip_content(title: string, rows: TooltipRow[]): HTMLElement {
  const root = document.createElement("div");
  root.className = "tooltip";
  root.append(Object.assign(document.createElement("strong"), { textContent: title }));
  for (const { name, value, colour } of rows) {
    const row = document.createElement("div");
    const mark = document.createElement("i");
    if (colour) mark.style.background = colour;
    row.append(mark, Object.assign(document.createElement("span"), { textContent: name }), Object.assign(document.createElement("b"), { textContent: value }));
    root.append(row);
  }
  return root;
}

/** Look that every tooltip shares. */
export const tooltip_style = {
  confine: true,
  transitionDuration: 0,
  padding: 0,
  borderWidth: 0,
  backgroundColor: "transparent",
  extraCssText: "box-shadow:none",
} as const;
