/** A reason not to go on that is told to a person: what happened, and what can be done. */
export class Trouble extends Error {
  override readonly name = "Trouble";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Tells it; of anything nobody expected the whole, since there the trace is what helps. */
export function tell(what: string, cause: unknown): void {
  const text =
    cause instanceof Trouble
      ? `${cause.message}\n${cause.hint}`
      : cause instanceof Error
        ? (cause.stack ?? cause.message)
        : String(cause);
  process.stderr.write(`\n${what}: ${text}\n`);
}
