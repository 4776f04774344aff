import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ComposeOption } from "echarts/core";
import { useEffect, useRef } from "react";
import { init } from "./echarts.ts";

export type ChartOption = ComposeOption<BarSeriesOption | CustomSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption>;

interface ChartProps {
  /** What to draw on a given width, px. Keep it by `useMemo` or `useCallback`: a new function is a new drawing. */
  option: (width: number) => ChartOption;
  /** px */
  height: number;
  /** What a reader who cannot see the chart is told. */
  description: string;
}

/** Width of the text area of A4 with the margins of `styles/print.css`, px. */
const PRINT_WIDTH = 680;

/** One ECharts drawing as SVG: follows the width of its place, and takes the width of the paper while printing. */
export function Chart({ option, height, description }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const chart = init(element, null, { renderer: "svg", width: element.clientWidth, height });
    // ECharts measures text on a canvas, which knows no "inherit".
    const textStyle = { fontFamily: getComputedStyle(element).fontFamily, fontSize: 12 };
    let drawn_width = 0;
    const draw = (width: number) => {
      if (width === 0 || width === drawn_width) return;
      drawn_width = width;
      chart.resize({ width });
      chart.setOption({ animation: false, textStyle, ...option(width) }, { notMerge: true });
      chart.getZr().flush(); // the paper does not wait for the next frame
    };
    const draw_here = () => draw(element.clientWidth);
    const draw_on_paper = () => draw(PRINT_WIDTH);
    draw_here();
    const observer = new ResizeObserver(draw_here);
    observer.observe(element);
    window.addEventListener("beforeprint", draw_on_paper);
    window.addEventListener("afterprint", draw_here);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", draw_on_paper);
      window.removeEventListener("afterprint", draw_here);
      chart.dispose();
    };
  }, [option, height]);

  return <div ref={place} className="chart" style={{ height }} role="img" aria-label={description} />;
}
