/** Colour scales for fields. Lightness rises or falls all the way, so they read in grey print and with any colour vision. */
type Rgb = [number, number, number];

/** Low = dark blue, high = light yellow. */
const LOAD_STOPS: Rgb[] = [
  [23, 37, 78],
  [28, 84, 124],
  [33, 131, 141],
  [92, 173, 122],
  [188, 203, 98],
  [252, 231, 130],
];

const OPAQUE = 255;

/** Colour of `share` (0..1) on the load scale. */
export function load_colour(share: number): [number, number, number, number] {
  const position = Math.min(1, Math.max(0, share)) * (LOAD_STOPS.length - 1);
  const index = Math.min(LOAD_STOPS.length - 2, Math.floor(position));
  const low = LOAD_STOPS[index] as Rgb;
  const high = LOAD_STOPS[index + 1] as Rgb;
  const mix = (channel: 0 | 1 | 2) => Math.round(low[channel] + (high[channel] - low[channel]) * (position - index));
  return [mix(0), mix(1), mix(2), OPAQUE];
}

/** The load scale as a CSS gradient, low to high. */
export const load_gradient = `linear-gradient(to right, ${LOAD_STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;

/** Colour of a day's coverage: red = none, pale to dark teal = some to all. */
export function coverage_colour(percent: number): [number, number, number, number] {
  if (percent <= 0) return [192, 57, 43, OPAQUE];
  const share = Math.min(1, percent / 100) ** 2; // the last percent matter most
  return [Math.round(214 - 190 * share), Math.round(234 - 108 * share), Math.round(232 - 110 * share), OPAQUE];
}
