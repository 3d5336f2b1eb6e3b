/** Refusals as compilers write them, so that a person finds the line and an editor opens it. */

export interface Refused {
  /** Where in the body that was sent (JSON Pointer, RFC 6901). */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

/** `lib/orders.js:12:9`, as a message has it at its beginning or behind a function's name. */
const PLACE = /^(.*?)\(?([\w@./-]+\.m?js:\d+:\d+)\)?(.*)$/s;

export function refusedLines({ path, message, expected, suggestion }: Refused): readonly string[] {
  const [, before = "", place = moduleAt(path), after = ""] = PLACE.exec(message) ?? ["", "", undefined, message];
  const said = `${before.trimEnd()}${after}`.replace(/^[:,\s]+/, "");
  return [
    `${place}: ${said}`,
    ...(expected === undefined ? [] : [`    expected: ${expected}`]),
    ...(suggestion === undefined ? [] : [`    such as:  ${suggestion}`]),
  ];
}

const moduleAt = (path: string): string =>
  path
    .replace(/^\/modules\//, "")
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
