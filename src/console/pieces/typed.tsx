/** What somebody typed into a form that could not be done: to be read, and copied from. */
import type { Filled } from "../filled.ts";

export const Typed = ({ filled }: { readonly filled: Filled | undefined }) => {
  const typed = filled?.entries().filter(([, value]) => value.trim() !== "") ?? [];
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
