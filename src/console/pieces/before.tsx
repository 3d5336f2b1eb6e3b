/**
 * What a form held when it was drawn, in hidden fields beside its own: only what was changed since is sent, so that nobody takes
 * back what somebody else saved meanwhile.
 */
import type { Filled } from "../filled.ts";

type Held = string | readonly string[];

/** A field that was not drawn counts as changed. */
export type BeforeOf<Name extends string> = Readonly<Partial<Record<Name, Held>>>;

const beforeName = (field: string): string => `was_${field}`;

/** Browsers send line breaks as two characters, and choices in the order of the form. */
const asText = (held: Held): string =>
  typeof held === "string" ? held.replaceAll("\r\n", "\n").trim() : [...held].sort().join(" ");

export const Before = ({ fields }: { readonly fields: Readonly<Record<string, Held | undefined>> }) => (
  <>
    {Object.entries(fields).map(([field, held]) =>
      held === undefined ? null : <input type="hidden" name={beforeName(field)} value={asText(held)} />,
    )}
  </>
);

/** What the form held when it was drawn. */
export const beforeIn = <Name extends string>(filled: Filled, fields: readonly Name[]): BeforeOf<Name> =>
  toBefore(
    Object.fromEntries(
      fields.flatMap((field) => {
        const name = beforeName(field);
        return filled.has(name) ? [[field, filled.raw(name)]] : [];
      }),
    ),
  );

const toBefore = <Name extends string>(held: Readonly<Record<string, Held>>) => held as BeforeOf<Name>;

/** The fields that say something else than before. */
export const changedFields = <Name extends string>(
  fields: readonly Name[],
  before: BeforeOf<Name>,
  typed: Readonly<Record<Name, Held>>,
): readonly Name[] =>
  fields.filter((field) => {
    const held: Held | undefined = before[field];
    return held === undefined || asText(held) !== asText(typed[field]);
  });

/** Of the body of a request, what these fields come to. */
export const onlyOf = <Name extends string>(
  fields: readonly Name[],
  body: Readonly<Record<Name, unknown>>,
): Readonly<Record<string, unknown>> => Object.fromEntries(fields.map((field) => [field, body[field]]));
