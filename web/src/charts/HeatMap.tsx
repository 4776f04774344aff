import { useEffect, useRef, useState, type PointerEvent } from "react";

export interface HeatMapLabel {
  /** Index of the column or row it stands at. */
  at: number;
  text: string;
}

interface HeatMapProps {
  /** `cells[column][row]`; columns may be of unequal length. */
  cells: (number | null)[][];
  rows: number;
  /** Height of the drawing, px. */
  height: number;
  /** Red, green, blue, alpha (0..255) of a value; null = leave blank. */
  colour: (value: number | null) => [number, number, number, number] | null;
  column_labels: HeatMapLabel[];
  row_labels: HeatMapLabel[];
  /** Width of the row labels, CSS length. */
  gutter: string;
  description: string;
  /** Text for the cell under the pointer. */
  tell: (column: number, row: number) => string | null;
}

/** Draws one pixel per cell; the browser scales them up without blur. A year of quarter-hours costs a millisecond. */
function draw({ cells, rows, colour }: Pick<HeatMapProps, "cells" | "rows" | "colour">, canvas: HTMLCanvasElement) {
  const context = canvas.getContext("2d");
  if (!context || cells.length === 0) return;
  const image = context.createImageData(cells.length, rows);
  cells.forEach((column, x) => {
    column.forEach((value, y) => {
      const rgba = colour(value);
      if (rgba) image.data.set(rgba, 4 * (y * cells.length + x));
    });
  });
  context.putImageData(image, 0, 0);
}

/** A field of coloured cells with labels on two sides and a hint under the pointer. */
export function HeatMap({ cells, rows, height, colour, column_labels, row_labels, gutter, description, tell }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hint, set_hint] = useState<{ left: number; top: number; text: string } | null>(null);
  useEffect(() => {
    if (canvas.current) draw({ cells, rows, colour }, canvas.current);
  }, [cells, rows, colour]);

  function follow(event: PointerEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    const text = tell(Math.floor(across * cells.length), Math.floor(down * rows));
    set_hint(text ? { left: across * 100, top: down * 100, text } : null);
  }

  return (
    <div className="heat" style={{ gridTemplateColumns: `${gutter} minmax(0, 1fr)` }}>
      <div className="heat-rows" style={{ height }} aria-hidden="true">
        {row_labels.map(({ at, text }) => (
          <span key={at} style={{ top: `${((at + 0.5) / rows) * 100}%` }} title={text}>
            {text}
          </span>
        ))}
      </div>
      <div className="heat-field" style={{ height }}>
        <canvas
          ref={canvas}
          width={Math.max(1, cells.length)}
          height={rows}
          role="img"
          aria-label={description}
          onPointerMove={follow}
          onPointerLeave={() => set_hint(null)}
        />
        {hint && (
          <div className={hint.left > 60 ? "tooltip heat-hint before" : "tooltip heat-hint"} style={{ left: `${hint.left}%`, top: `${hint.top}%` }}>
            {hint.text}
          </div>
        )}
      </div>
      <div />
      <div className="heat-columns" aria-hidden="true">
        {column_labels.map(({ at, text }) => (
          <span key={at} style={{ left: `${(at / cells.length) * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}
