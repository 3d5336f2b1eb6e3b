/** What publishing a version does, and what is different in it, in words. */
import type { ComparisonAnswer, PublicationAnswer } from "../answers/version.ts";

const List = ({ names }: { readonly names: readonly string[] }) => (
  <>
    {names.map((name, index) => (
      <>
        {index === 0 ? "" : ", "}
        <code>{name}</code>
      </>
    ))}
  </>
);

/** What becomes of the schedules that functions bring with them; those that people made are never touched. */
export const Plan = ({ plan: { schedules } }: { readonly plan: PublicationAnswer }) => {
  const { created, changed, removed, unchanged } = schedules;
  if (created.length + changed.length + removed.length + unchanged.length === 0)
    return <p>Its functions bring no schedules of their own. Schedules that people made stay as they are.</p>;
  return (
    <>
      <p>Of the schedules that functions bring with them:</p>
      <ul>
        {created.length === 0 ? null : (
          <li>
            created: <List names={created} />
          </li>
        )}
        {changed.length === 0 ? null : (
          <li>
            changed: <List names={changed} />
          </li>
        )}
        {removed.length === 0 ? null : (
          <li class="wrong">
            removed, with their coming occurrences: <List names={removed} />
          </li>
        )}
        {unchanged.length === 0 ? null : (
          <li>
            as they were: <List names={unchanged} />
          </li>
        )}
      </ul>
      <p class="quiet">Schedules that people made stay as they are.</p>
    </>
  );
};

export const Comparison = ({ comparison: { functions, modules } }: { readonly comparison: ComparisonAnswer }) => {
  const { added, removed, changed, reordered } = functions;
  const isSame =
    added.length + removed.length + changed.length === 0 &&
    !reordered &&
    modules.added.length + modules.removed.length + modules.changed.length === 0;
  if (isSame) return <p class="quiet">Nothing is different.</p>;
  return (
    <>
      <ul>
        <Line what="new functions" names={added} />
        <Line what="functions that are gone" names={removed} />
        {changed.map(({ name, fields }) => (
          <li>
            <code>{name}</code>: {fields.join(", ")} changed
          </li>
        ))}
        {reordered ? <li>functions run in another order</li> : null}
        <Line what="new modules" names={modules.added} />
        <Line what="modules that are gone" names={modules.removed} />
      </ul>
      {modules.changed.map(({ name, diff }) => (
        <details open>
          <summary>
            <code>{name}</code> changed
          </summary>
          {diff === null ? <p class="quiet">The texts differ too much to compare them.</p> : <Diff text={diff} />}
        </details>
      ))}
    </>
  );
};

const Line = ({ what, names }: { readonly what: string; readonly names: readonly string[] }) =>
  names.length === 0 ? null : (
    <li>
      {what}: <List names={names} />
    </li>
  );

const TONES: Readonly<Record<string, string>> = { "+": "good", "-": "wrong" };

/** A unified diff; the sign before each line says it without the colour. */
const Diff = ({ text }: { readonly text: string }) => (
  <pre class="sheet">
    {text.split("\n").map((line) => (
      <span class={TONES[line.charAt(0)] ?? ""}>
        {line}
        {"\n"}
      </span>
    ))}
  </pre>
);
