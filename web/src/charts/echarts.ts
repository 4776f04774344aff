/** The parts of ECharts that the charts use; anything else stays out of the page. */
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register_parts, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

register_parts([BarChart, CustomChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export { init };
export type { EChartsType };
