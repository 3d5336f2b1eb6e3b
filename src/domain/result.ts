/**
 * A failure that can be expected is a value. Pure: no I/O, no clock, no chance.
 *
 * Functions that can fail in a way the caller should handle return a `Result`; what nobody expects is thrown with its
 * `cause`. Errors are tagged unions whose arms carry the data that explains them.
 */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

/** The success arm. */
export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

/** The failure arm. */
export const fail = <Failure>(error: Failure): { readonly ok: false; readonly error: Failure } => ({
  ok: false,
  error,
});

/** Makes the compiler refuse a switch that forgets an arm; throws if a value from outside gets here all the same. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable arm: ${JSON.stringify(value)}`);
}
