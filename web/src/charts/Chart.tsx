import type { ComposeOption, EChartsCoreOption } from "echarts/core";
import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import { useEffect, useRef } from "react";
import { init, type EChartsType } from "./echarts.ts";

export type ChartOption = ComposeOption<BarSeriesOption | CustomSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption>;

interface ChartProps {
  option: ChartOption;
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
  const chart = useRef<EChartsType | null>(null);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawing = init(element, null, { renderer: "svg" });
    chart.current = drawing;
    const fit = () => drawing.resize({ width: element.clientWidth });
    const fit_paper = () => {
      drawing.resize({ width: Math.min(PRINT_WIDTH, element.clientWidth) });
      drawing.getZr().flush(); // the paper does not wait for the next frame
    };
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    window.addEventListener("beforeprint", fit_paper);
    window.addEventListener("afterprint", fit);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", fit_paper);
      window.removeEventListener("afterprint", fit);
      drawing.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const complete: EChartsCoreOption = { animation: false, textStyle: { fontFamily: "inherit", fontSize: 12 }, ...option };
    chart.current?.setOption(complete, { notMerge: true });
  }, [option]);

  return <div ref={place} className="chart" style={{ height }} role="img" aria-label={description} />;
}
