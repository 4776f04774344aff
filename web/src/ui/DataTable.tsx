import type { ReactNode } from "react";

export interface Column<Row> {
  key: string;
  label: string;
  align?: "left" | "right";
  /** Let the text wrap; without it a cell stays on one line. */
  wrap?: boolean;
  cell: (row: Row) => ReactNode;
  /** Cell of the last row, the sum. */
  total?: ReactNode;
}

interface DataTableProps<Row> {
  caption: string;
  /** Show the caption as a heading, not only to screen readers. */
  titled?: boolean;
  columns: Column<Row>[];
  rows: Row[];
  row_key: (row: Row, index: number) => string;
  row_class?: (row: Row) => string | undefined;
  /** Limit the height; the table then scrolls by itself. */
  tall?: boolean;
  /** On a phone, set each row as a small list instead of scrolling sideways: for tables of texts. */
  stacks?: boolean;
}

/** Tables with more columns than this are set tighter. */
const DENSE_FROM = 8;

function cell_class({ align, wrap }: { align?: "left" | "right"; wrap?: boolean }): string | undefined {
  return [align === "right" && "number", wrap && "wrap"].filter(Boolean).join(" ") || undefined;
}

function Row<T>({ row, columns, look }: { row: T; columns: Column<T>[]; look?: string }) {
  return (
    <tr className={look}>
      {columns.map((column, position) => {
        const Cell = position === 0 ? "th" : "td";
        return (
          <Cell key={column.key} scope={position === 0 ? "row" : undefined} className={cell_class(column)} data-label={column.label}>
            {column.cell(row)}
          </Cell>
        );
      })}
    </tr>
  );
}

/** A table that scrolls sideways inside its own frame, so that the page never does. */
export function DataTable<Row>({ caption, titled, columns, rows, row_key, row_class, tall, stacks }: DataTableProps<Row>) {
  const has_total = columns.some((column) => column.total !== undefined);
  const looks = [columns.length > DENSE_FROM && "dense", stacks && "stacks"].filter(Boolean).join(" ");
  return (
    <div className="table-frame">
      {titled && <h3>{caption}</h3>}
      <div className={tall ? "table-scroll tall" : "table-scroll"} role="region" aria-label={caption} tabIndex={0}>
        <table className={looks || undefined}>
          <caption className="unseen">{caption}</caption>
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
              <Row key={row_key(row, index)} row={row} columns={columns} look={row_class?.(row)} />
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
    </div>
  );
}
