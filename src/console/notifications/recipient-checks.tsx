/** Recipients of one kind to choose from, a box each. */
import { CheckField, Issue, type Wrongs } from "../pieces/fields.tsx";
import type { TypedNotification } from "./notification-typed.ts";
import type { RecipientField, Recipients } from "./recipients.ts";

/** What the fields of a notification are shown by. */
export interface FieldsProps {
  readonly typed: TypedNotification;
  readonly wrongs: Wrongs;
  readonly recipients: Recipients;
  readonly mayConnect: boolean;
  readonly search: string;
}

interface Check {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
}

interface ChecksProps {
  readonly field: RecipientField;
  readonly chosen: readonly string[];
  readonly options: readonly Check[];
  readonly wrongs: Wrongs;
}

/** A box for each. What was chosen and is not in the list keeps its box: leaving it out is for whoever sees it to decide. */
export const Checks = ({ field, chosen, options, wrongs }: ChecksProps) => {
  const listed = new Set(options.map(({ id }) => id));
  const others = chosen.filter((id) => !listed.has(id)).map((id): Check => ({ id, label: id }));
  return (
    <>
      {[...options, ...others].map(({ id, label, hint }) => (
        <CheckField
          name={field}
          id={`${field}-${id}`}
          value={id}
          label={label}
          hint={hint}
          isOn={chosen.includes(id)}
        />
      ))}
      {wrongs.of(field).map((issue) => (
        <Issue issue={issue} />
      ))}
    </>
  );
};
