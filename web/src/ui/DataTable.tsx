import type { ReactNode } from "react";

export interface Column<Row> {
  key: string;
  label: ReactNode;
  align?: "left" | "right";
  /** Let the text wrap; without it a cell stays on one line. */
  wrap?: boolean;
  cell: (row: Row) => ReactNode;
  /** Cell of the last row, the sum. */
  total?: ReactNode;
}

interface DataTableProps<Row> {
  caption: string;
  /** Show the caption, not only to screen readers. */
  titled?: boolean;
  columns: Column<Row>[];
  rows: Row[];
  row_key: (row: Row, index: number) => string;
  row_class?: (row: Row) => string | undefined;
  /** Limit the height; the table then scrolls by itself. */
  tall?: boolean;
}

function cell_class({ align, wrap }: { align?: "left" | "right"; wrap?: boolean }): string | undefined {
  return [align === "right" && "number", wrap && "wrap"].filter(Boolean).join(" ") || undefined;
}

/** A table that scrolls sideways inside its own frame, so that the page never does. */
export function DataTable<Row>({ caption, titled, columns, rows, row_key, row_class, tall }: DataTableProps<Row>) {
  const has_total = columns.some((column) => column.total !== undefined);
  return (
    <div className={tall ? "table-frame tall" : "table-frame"} role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption className={titled ? undefined : "unseen"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cell_class(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row_key(row, index)} className={row_class?.(row)}>
              {columns.map((column, position) => {
                const Cell = position === 0 ? "th" : "td";
                return (
                  <Cell key={column.key} scope={position === 0 ? "row" : undefined} className={cell_class(column)}>
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
        {has_total && (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.key} className={cell_class(column)}>
                  {column.total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
