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

  /** What has the API do once what the form asks for, however often it is sent: of a form that holds `<Once />`. */
  get onceHeader(): Readonly<Record<string, string>> {
    const once = this.text("once");
    return /^[\w-]{1,64}$/.test(once) ? { "idempotency-key": once } : {};
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

/** A number that was typed. What is none is left for the API to refuse, or to read. */
export const numberOr = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);
