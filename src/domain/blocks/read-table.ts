/** Reads a table. Pure. */
import type { Json } from "../json.ts";
import { ok } from "../result.ts";
import {
  COLUMN_ALIGNMENTS,
  type ColumnAlignment,
  fieldOf,
  type Row,
  type TableBlock,
  type TableColumn,
} from "./block.ts";
import { clip, count, given, isList, isRow, type Read, readLine, readRows, wrong } from "./read-fields.ts";

const ROWS_MAX = 5_000;
const COLUMNS_MAX = 50;
/** Rows times columns: a wide table is shown with fewer rows. */
const CELLS_MAX = 50_000;
const LABEL_MAX_LENGTH = 200;

const COLUMN = 'a name, or {"key": "day", "label": "Day", "align": "right"}';

export function readTable(block: Row): Read<TableBlock> {
  const title = readLine(block, "title");
  if (!title.ok) return title;
  const all = readRows(block);
  if (!all.ok) return all;
  const columns = readColumns(fieldOf(block, "columns"), all.value.slice(0, ROWS_MAX));
  if (!columns.ok) return columns;
  const { shown, total } = columns.value;
  const rowsMax = Math.min(ROWS_MAX, Math.floor(CELLS_MAX / Math.max(1, shown.length)));
  const rows = all.value.slice(0, rowsMax);
  const [lessRows, lessColumns] = [all.value.length - rows.length, total - shown.length];
  return ok({
    kind: "table",
    ...given("title", title.value),
    columns: shown,
    rows,
    notes: [
      ...(lessRows > 0 ? [`${count(lessRows, "more row")} not shown.`] : []),
      ...(lessColumns > 0 ? [`${count(lessColumns, "more column")} not shown.`] : []),
    ],
  });
}

interface Columns {
  readonly shown: readonly TableColumn[];
  readonly total: number;
}

/**
 * Without a list of columns, every field that a row has, in the order in which they first appear. Each that is shown takes a
 * look at all rows, so what is too much is left out first.
 */
function readColumns(columns: Json | undefined, rows: readonly Row[]): Read<Columns> {
  const keys = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (!isList(keys)) return wrong("/columns", keys, `a list; each of it ${COLUMN}`);
  const shown: TableColumn[] = [];
  for (const [index, column] of keys.slice(0, COLUMNS_MAX).entries()) {
    const one = readColumn(column, `/columns/${index}`, rows);
    if (!one.ok) return one;
    shown.push(one.value);
  }
  return ok({ shown, total: keys.length });
}

function readColumn(column: Json, path: string, rows: readonly Row[]): Read<TableColumn> {
  if (typeof column === "string") return ok(columnOf({ key: column, label: undefined, align: undefined }, rows));
  if (!isRow(column)) return wrong(path, column, COLUMN);
  const key = fieldOf(column, "key");
  if (typeof key !== "string") return wrong(`${path}/key`, key, "the name of a field of the rows");
  const label = readLine(column, "label");
  if (!label.ok) return wrong(`${path}/label`, fieldOf(column, "label"), "a text, or nothing");
  const align = fieldOf(column, "align") ?? undefined;
  if (align !== undefined && !isAlignment(align)) return wrong(`${path}/align`, align, COLUMN_ALIGNMENTS.join(", "));
  return ok(columnOf({ key, label: label.value, align }, rows));
}

interface GivenColumn {
  readonly key: string;
  readonly label: string | undefined;
  readonly align: ColumnAlignment | undefined;
}

/** Numbers stand under each other, so a column of nothing else is set to the right. */
function columnOf({ key, label, align }: GivenColumn, rows: readonly Row[]): TableColumn {
  const values = rows.map((row) => fieldOf(row, key)).filter((value) => value !== undefined && value !== null);
  const isNumeric = values.length > 0 && values.every((value) => typeof value === "number");
  return { key, label: clip(label ?? key, LABEL_MAX_LENGTH).text, align: align ?? (isNumeric ? "right" : "left") };
}

const isAlignment = (value: Json): value is ColumnAlignment => COLUMN_ALIGNMENTS.some((one) => one === value);
