/** A form as somebody filled it in. A field that is no text is nothing: no form of the console takes files. */
export class Filled {
  readonly #fields: readonly (readonly [string, string])[];

  constructor(fields: Iterable<readonly [string, unknown]>) {
    this.#fields = [...fields].filter((field): field is [string, string] => typeof field[1] === "string");
  }

  /** What was typed, without the space around it; empty when the field was not there. */
  text(name: string): string {
    return this.raw(name).trim();
  }

  /** What was typed, as it is. */
  raw(name: string): string {
    return this.#fields.find(([field]) => field === name)?.[1] ?? "";
  }

  /** Every value of a field that may have several. */
  all(name: string): readonly string[] {
    return this.#fields.filter(([field]) => field === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#fields.some(([field]) => field === name);
  }

  /** Everything, in the order of the form. */
  entries(): readonly (readonly [string, string])[] {
    return this.#fields;
  }
}
