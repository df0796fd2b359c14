// What came of an office's table, as a file for its spreadsheet.
import type { TableReport } from "../api/people";

const HEAD = ["row", "id", "outcome", "errors", "warnings"] as const;
/** A cell that begins so is run by spreadsheets. */
const RUN = /^[=+\-@\t\r]/;

const cell = (text: string): string => `"${(RUN.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** How columns and reasons are told. */
export interface Words {
  column(name: string): string;
  reason(text: string): string;
}

/** A line for each row; the mark in front tells spreadsheets that it is UTF-8. */
export function reportAsCsv(report: TableReport, words: Words): string {
  const rows = report.rows.map((row) => [
    String(row.row),
    row.id,
    row.outcome,
    row.errors.map(({ column, reason }) => (column === "" ? "" : `${words.column(column)}: `) + words.reason(reason)).join("; "),
    row.warnings.map((warning) => words.reason(warning)).join("; "),
  ]);
  return `\uFEFF${[[...HEAD], ...rows].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}
