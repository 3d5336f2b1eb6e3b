/** What somebody typed into a form that could not be done: to be read, and copied from. */
import type { Filled } from "../filled.ts";

/** What the form held beside its fields. */
const isUnseen = (name: string): boolean => name === "once" || name.startsWith("was_");

export const Typed = ({ filled }: { readonly filled: Filled | undefined }) => {
  const typed = filled?.entries().filter(([name, value]) => value.trim() !== "" && !isUnseen(name)) ?? [];
  return typed.length === 0 ? null : (
    <details open>
      <summary>What you typed</summary>
      <dl class="sheet">
        {typed.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <pre dir="auto">{value}</pre>
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
};
