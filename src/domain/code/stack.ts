/** What of a stack trace is the author's: the frames in their own modules, with their own lines. Pure. */

const FRAMES_MAX = 20;
const NAME_MAX_LENGTH = 120;

/** `    at async Module.dailyReport (lib/orders.js:12:9)`, or without a function's name. */
const FRAME = /^\s*at (?:(?:async )?(.*?) \()?(?:async )?([^()\s]+):(\d+):(\d+)\)?$/;

/** One frame a line, `dailyReport (lib/orders.js:12:9)`, the innermost first; empty when none is in these modules. */
export function authorsFrames(stack: string, modules: ReadonlySet<string>): string {
  return stack
    .split("\n")
    .flatMap((line) => {
      const [, name = "", module = "", row, column] = FRAME.exec(line) ?? [];
      return modules.has(module) ? [frameText(name, `${module}:${row}:${column}`)] : [];
    })
    .slice(0, FRAMES_MAX)
    .join("\n");
}

/** The functions of a module's top level are its own: the platform calls the module `Module`. */
function frameText(name: string, where: string): string {
  const own = name
    .replace(/^(?:new )?Module\./, "")
    .replace(/ \[as [^\]]*\]$/, "")
    .slice(0, NAME_MAX_LENGTH);
  return own === "" || own === "<anonymous>" ? where : `${own} (${where})`;
}
