/** Tables: those that functions return, and those behind charts. */
import { raw } from "hono/html";
import { escapeToBuffer } from "hono/utils/html";
import { fieldOf, type Row, type TableColumn } from "../domain/blocks/block.ts";
import { cellText } from "./numbers.ts";

/** More rows than this scroll by themselves. */
const LONG = 60;

interface TableProps {
  readonly caption: string;
  /** The caption stands elsewhere on the page already, and is for those who hear it. */
  readonly isCaptionShown: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
}

export const Table = ({ caption, isCaptionShown, columns, rows }: TableProps) => (
  <section class={rows.length > LONG ? "scroll long" : "scroll"} tabindex={0} aria-label={caption}>
    <table style={`--columns:${columns.length}`}>
      <caption class={isCaptionShown ? "" : "heard"}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ label, align }) => (
            <th scope="col" class={align}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{raw(rows.map((row) => rowHtml(row, columns)).join(""))}</tbody>
    </table>
  </section>
);

/** Written as text: five thousand rows of components take a second, and these take a few milliseconds. */
const rowHtml = (row: Row, columns: readonly TableColumn[]): string =>
  `<tr>${columns.map((column, index) => cellHtml(row, column, index === 0)).join("")}</tr>`;

/** The first column names the row, where it is made of words. */
function cellHtml(row: Row, { key, align }: TableColumn, isFirst: boolean): string {
  const text = escapeHtml(cellText(fieldOf(row, key)));
  const look = align === "left" ? "" : ` class="${align}"`;
  return isFirst && align === "left" ? `<th scope="row">${text}</th>` : `<td${look}>${text}</td>`;
}

/** As components do it. */
function escapeHtml(text: string): string {
  const escaped: [string] = [""];
  escapeToBuffer(text, escaped);
  return escaped[0];
}
