/**
 * Colours of the charts by meaning. They are names of CSS variables: the SVG that ECharts draws takes them as they are, so the
 * dark theme and the printed page need no second drawing. The values stand in `styles/tokens.css`.
 */
export const palette = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--chart-grid)",
  paper: "var(--surface)",
  measured: "var(--chart-measured)",
  forecast: "var(--chart-forecast)",
  before: "var(--chart-before)",
  after: "var(--chart-after)",
  generation: "var(--chart-generation)",
  battery: "var(--chart-battery)",
  price: "var(--chart-price)",
  alarm: "var(--chart-alarm)",
  reference: "var(--chart-reference)",
} as const;

export type Colour = (typeof palette)[keyof typeof palette];
