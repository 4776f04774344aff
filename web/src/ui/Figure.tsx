import { useId, useState, type ReactNode } from "react";
import { band_styles, TILE, type BandLevel } from "../charts/bands.ts";
import { useLocale } from "../i18n/locale.tsx";

/** One entry of a legend: how the thing looks in the chart, and its name. */
export type LegendEntry = { name: string } & ({ colour: string; look: "line" | "dashed" | "area" | "box" } | { level: BandLevel });

function BandSwatch({ level }: { level: BandLevel }) {
  const id = useId();
  const { colour, opacity, path } = band_styles[level];
  return (
    <svg className="swatch" width="22" height="14" aria-hidden="true">
      <defs>
        <pattern id={id} width={TILE} height={TILE} patternUnits="userSpaceOnUse">
          <rect width={TILE} height={TILE} fill={colour} fillOpacity={opacity * 1.6} />
          <path d={path} stroke={colour} strokeOpacity="0.7" fill="none" />
        </pattern>
      </defs>
      <rect width="22" height="14" rx="2" fill={`url(#${id})`} />
    </svg>
  );
}

function Swatch({ entry }: { entry: LegendEntry }) {
  if ("level" in entry) return <BandSwatch level={entry.level} />;
  const { colour, look } = entry;
  return (
    <svg className="swatch" width="22" height="14" aria-hidden="true">
      {look === "area" && <rect width="22" height="14" rx="2" fill={colour} opacity="0.3" />}
      {look === "box" && <rect x="4" width="14" height="14" rx="2" fill={colour} />}
      {(look === "line" || look === "dashed") && (
        <path d="M0 7h22" stroke={colour} strokeWidth="2.5" strokeDasharray={look === "dashed" ? "5 3" : undefined} />
      )}
    </svg>
  );
}

export function Legend({ entries }: { entries: LegendEntry[] }) {
  return (
    <ul className="legend">
      {entries.map((entry, index) => (
        <li key={index}>
          <Swatch entry={entry} />
          {entry.name}
        </li>
      ))}
    </ul>
  );
}

interface FigureProps {
  title: string;
  note?: string;
  legend?: LegendEntry[];
  /** Controls that belong to the chart, beside the table button. */
  controls?: ReactNode;
  /** The same data as a table; made only when asked for. */
  table?: () => ReactNode;
  children: ReactNode;
}

/** A chart with its title, legend and note, and a button that shows its data as a table. */
export function Figure({ title, note, legend, controls, table, children }: FigureProps) {
  const { t } = useLocale();
  const [open, set_open] = useState(false);
  const table_id = useId();
  return (
    <figure className="figure">
      <figcaption>
        <h3>{title}</h3>
        <div className="figure-controls">
          {controls}
          {table && (
            <button type="button" className="quiet" aria-expanded={open} aria-controls={table_id} onClick={() => set_open(!open)}>
              {t(open ? "figure.as_chart" : "figure.as_table")}
            </button>
          )}
        </div>
      </figcaption>
      {legend && legend.length > 0 && <Legend entries={legend} />}
      {children}
      {note && <p className="note">{note}</p>}
      <div id={table_id} className="figure-table">
        {open && table?.()}
      </div>
    </figure>
  );
}
