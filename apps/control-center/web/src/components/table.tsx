import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** A column of a {@link Table}. */
export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Aligned to the right, in figures of one width. */
  isNumber?: boolean;
  /** What rows are sorted by when the heading is pressed; without it, they are not. */
  sortBy?: (row: T) => string | number;
  /** Takes the room that others leave. */
  isWide?: boolean;
}

/** Rows in columns; those with `sortBy` can be sorted. */
export function Table<T>(props: {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string | number;
}) {
  const { caption, columns, rows, rowKey } = props;
  const [sorting, setSorting] = useState<{ column: string; isDown: boolean } | null>(null);
  const sortBy = columns.find(({ title }) => title === sorting?.column)?.sortBy;
  const sorted = sortBy
    ? rows.toSorted((a, b) => compare(sortBy(a), sortBy(b)) * (sorting?.isDown ? -1 : 1))
    : rows;
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => {
              const { title, sortBy: isSortable } = column;
              const direction =
                sorting?.column !== title ? undefined : sorting.isDown ? "descending" : "ascending";
              return (
                <th key={title} scope="col" class={classOf(column)} aria-sort={direction}>
                  {isSortable ? (
                    <button
                      type="button"
                      class="sort"
                      onClick={() => setSorting({ column: title, isDown: direction === "ascending" })}
                    >
                      {title}
                      <span aria-hidden="true" class="arrow">
                        {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : ""}
                      </span>
                    </button>
                  ) : (
                    title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, i) =>
                i === 0 ? (
                  <th key={column.title} scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<T>({ isNumber, isWide }: Column<T>): string | undefined {
  return [isNumber && "number", isWide && "wide"].filter(Boolean).join(" ") || undefined;
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
