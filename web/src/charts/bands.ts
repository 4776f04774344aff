/** How a tariff band looks: a colour and a pattern, so that colour is not the only carrier. */
export type BandLevel = "critical" | "peak" | "flat" | "valley" | "deep_valley";

interface BandStyle {
  colour: string;
  opacity: number;
  /** Path of one pattern tile; empty = plain. */
  path: string;
}

/** Side of the square pattern tile, px. */
export const TILE = 8;

export const band_styles: Record<BandLevel, BandStyle> = {
  critical: { colour: "var(--band-critical)", opacity: 0.2, path: "M0 8L8 0M-2 2L2 -2M6 10L10 6M0 0L8 8M-2 6L2 10M6 -2L10 2" },
  peak: { colour: "var(--band-peak)", opacity: 0.15, path: "M0 8L8 0M-2 2L2 -2M6 10L10 6" },
  flat: { colour: "var(--band-flat)", opacity: 0.06, path: "" },
  valley: { colour: "var(--band-valley)", opacity: 0.12, path: "M2 2h1.2M6 6h1.2" },
  deep_valley: { colour: "var(--band-deep-valley)", opacity: 0.16, path: "M0 2h8M0 6h8" },
};

/** Fill for an ECharts shape, as the SVG pattern of zrender. */
export function band_fill(level: BandLevel) {
  const { colour, opacity, path } = band_styles[level];
  const tile = { tag: "rect", key: "tile", attrs: { width: TILE, height: TILE, fill: colour, "fill-opacity": opacity } };
  const lines = { tag: "path", key: "lines", attrs: { d: path, stroke: colour, "stroke-opacity": 0.38, "stroke-width": 1, fill: "none" } };
  return { svgElement: { tag: "g", key: level, attrs: {}, children: path ? [tile, lines] : [tile] }, svgWidth: TILE, svgHeight: TILE };
}
