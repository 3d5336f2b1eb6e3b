/** The fields of forms: each with its name, what to type, and beside it what was wrong with what was typed. */
import type { Child, PropsWithChildren } from "hono/jsx";
import type { InputIssue } from "../../domain/errors.ts";
import type { Refusal } from "../refusal.ts";

/** What was wrong with a form: by the field, and what belongs to none. */
export interface Wrongs {
  readonly of: (field: string) => readonly InputIssue[];
  /** Of the form as a whole, or of what has no field. */
  readonly others: readonly string[];
}

export const NOTHING_WRONG: Wrongs = { of: () => [], others: [] };

/** Finds the field that an issue belongs to; null: none. */
export type FieldOf = (path: string) => string | null;

/** By its first segment: the field is named as in the body of the request. */
const byFirstSegment: FieldOf = (path) => path.split("/")[1] || null;

/** The refusal of a form, sorted by its fields. `fields`: those that the form has. */
export function wrongsOf(refusal: Refusal, fields: readonly string[], fieldOf: FieldOf = byFirstSegment): Wrongs {
  const placed = refusal.errors.map((issue) => {
    const field = fieldOf(issue.path);
    return { issue, field: field !== null && fields.includes(field) ? field : null };
  });
  const homeless = placed.filter(({ field }) => field === null).map(({ issue }) => sayIssue(issue));
  return {
    of: (name) => placed.filter(({ field }) => field === name).map(({ issue }) => issue),
    others: placed.length === 0 ? [refusal.detail] : homeless,
  };
}

/** What was wrong before the form was sent on: one field, one message. */
export const wrongAt = (field: string, message: string): Wrongs => ({
  of: (name) => (name === field ? [{ path: `/${field}`, message }] : []),
  others: [],
});

const sayIssue = ({ path, message, expected }: InputIssue): string =>
  `${path === "" ? "" : `${path}: `}${message}${expected === undefined ? "" : ` Expected: ${expected}.`}`;

/** What belongs to no field, above the form. */
export const Troubles = ({ wrongs }: { readonly wrongs: Wrongs }) =>
  wrongs.others.length === 0 ? null : (
    <div class="trouble" role="alert">
      {wrongs.others.map((line) => (
        <p class="wrong" dir="auto">
          {line}
        </p>
      ))}
    </div>
  );

interface FieldProps {
  readonly name: string;
  readonly label: string;
  /** What to type, and what becomes of it. */
  readonly hint?: Child;
  readonly wrongs?: Wrongs | undefined;
  /** Where several fields share a name, what tells this one from the others, in `wrongs` too. */
  readonly id?: string | undefined;
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly type?: "text" | "email" | "url" | "number" | "search" | "time" | "datetime-local";
  readonly placeholder?: string;
  readonly required?: boolean;
  /** The id of a list of suggestions. */
  readonly list?: string;
  readonly autocomplete?: string;
  readonly min?: number;
  readonly max?: number;
  /** What a list is filtered by: the script leads a key there. */
  readonly isFilter?: boolean;
}

/** One line of text. */
export const TextField = ({
  id,
  name,
  label,
  hint,
  wrongs,
  value,
  type = "text",
  isFilter = false,
  ...rest
}: TextProps) => (
  <Field {...{ id, name, label, hint, wrongs }}>
    <input
      id={id ?? name}
      name={name}
      type={type}
      value={value}
      {...rest}
      {...(isFilter ? { "data-filter": true } : {})}
      {...described(id ?? name, hint, wrongs)}
    />
  </Field>
);

interface AreaProps extends FieldProps {
  readonly value: string;
  readonly rows?: number;
  readonly isCode?: boolean;
  readonly placeholder?: string;
}

/** Several lines of text. */
export const AreaField = ({
  id,
  name,
  label,
  hint,
  wrongs,
  value,
  rows = 4,
  isCode = false,
  placeholder,
}: AreaProps) => (
  <Field {...{ id, name, label, hint, wrongs }}>
    <textarea
      {...{ id: id ?? name, name, rows, placeholder }}
      class={isCode ? "code" : ""}
      {...described(id ?? name, hint, wrongs)}
    >
      {/* HTML leaves out the first line break of a text, which may be one of its own. */}
      {"\n"}
      {value}
    </textarea>
  </Field>
);

/** One of several, by what is sent and what is read. */
export type Option = readonly [value: string, label: string];

interface SelectProps extends FieldProps {
  readonly value: string;
  readonly options: readonly Option[];
  /** Sent as soon as it is chosen, where there is script. */
  readonly submits?: boolean;
  /** What a list is filtered by: the script leads a key there. */
  readonly isFilter?: boolean;
}

export const SelectField = ({
  id,
  name,
  label,
  hint,
  wrongs,
  value,
  options,
  submits = false,
  isFilter = false,
}: SelectProps) => (
  <Field {...{ id, name, label, hint, wrongs }}>
    <select
      id={id ?? name}
      name={name}
      {...(submits ? { "data-submit": true } : {})}
      {...(isFilter ? { "data-filter": true } : {})}
      {...described(id ?? name, hint, wrongs)}
    >
      {options.map(([option, text]) => (
        <option value={option} selected={option === value}>
          {text}
        </option>
      ))}
    </select>
  </Field>
);

interface CheckProps extends FieldProps {
  /** What is sent when it is on. */
  readonly value?: string;
  readonly isOn: boolean;
}

/** Something that is on or off. */
export const CheckField = ({ name, label, hint, value = "on", isOn, id = name }: CheckProps) => (
  <div class="check">
    <input id={id} type="checkbox" name={name} value={value} checked={isOn} />
    <label for={id}>
      {label}
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  </div>
);

/** Several choices that belong together. */
export const Choices = ({ legend, hint, children }: PropsWithChildren<{ legend: string; hint?: Child }>) => (
  <fieldset>
    <legend>{legend}</legend>
    {hint === undefined ? null : <p class="quiet">{hint}</p>}
    {children}
  </fieldset>
);

const described = (id: string, hint: Child | undefined, wrongs: Wrongs = NOTHING_WRONG) => {
  const isWrong = wrongs.of(id).length > 0;
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(isWrong ? [`${id}-wrong`] : [])];
  return {
    ...(ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") }),
    ...(isWrong ? { "aria-invalid": "true" as const } : {}),
  };
};

const Field = ({ name, id = name, label, hint, wrongs = NOTHING_WRONG, children }: PropsWithChildren<FieldProps>) => {
  const issues = wrongs.of(id);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {issues.length === 0 ? null : (
        <div class="wrong" id={`${id}-wrong`}>
          {issues.map((issue) => (
            <Issue issue={issue} />
          ))}
        </div>
      )}
    </div>
  );
};

/** What was wrong, what would have been right, and something near to it that would do. */
export const Issue = ({ issue: { message, expected, suggestion } }: { readonly issue: InputIssue }) => (
  <p class="wrong" dir="auto">
    {message}
    {expected === undefined ? null : ` Expected: ${expected}.`}
    {suggestion === undefined ? null : (
      <>
        {" "}
        Perhaps <code>{suggestion}</code>
      </>
    )}
  </p>
);

/** Time zones to choose from while one types. */
export const ZoneList = () => (
  <datalist id="zones">
    {["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => (
      <option value={zone} />
    ))}
  </datalist>
);
