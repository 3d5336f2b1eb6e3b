/** The name of a function, as a heading. */

/** `::myapp::reports/daily-orders` is headed `Daily orders`. */
export function headingOf(fn: string): string {
  const [last = fn] = fn.split(/[/:.]+/).slice(-1);
  const words = last.replaceAll(/[-_]+/g, " ").trim();
  return words === "" ? fn : words.charAt(0).toUpperCase() + words.slice(1);
}
