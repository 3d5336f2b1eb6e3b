/** An environment that dies: after so many calls to what is outside of it, nothing that it does arrives any more. */
import type { Env } from "../../src/env.ts";

/** The process is gone; what it waits for never comes about, and nothing that it says is heard. */
export class Killed extends Error {
  override readonly name = "Killed";
}

export interface Mortal {
  readonly env: Env;
  /** Whether it came to that. */
  readonly isDead: () => boolean;
}

/** Dies before the call with this number, counted from 0: calls of D1, of queues, and of mail. */
export function mortal(env: Env, dies: number): Mortal {
  let calls = 0;
  const live = <Value>(call: () => Value): Value => {
    if (calls >= dies) throw new Killed(`Killed before call ${dies}`);
    calls += 1;
    return call();
  };
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(inner, {
      get(target, name) {
        const found = Reflect.get(target, name);
        if (name === "bind") return (...values: unknown[]) => statement(target.bind(...values));
        if (name === "inner") return target;
        return typeof found === "function" ? (...given: unknown[]) => live(() => found.apply(target, given)) : found;
      },
    });
  const unwrap = (one: D1PreparedStatement): D1PreparedStatement => Reflect.get(one, "inner") ?? one;
  const database = (inner: D1Database): D1Database =>
    new Proxy(inner, {
      get(target, name) {
        if (name === "prepare") return (sql: string) => statement(target.prepare(sql));
        if (name === "batch") return (all: D1PreparedStatement[]) => live(() => target.batch(all.map(unwrap)));
        const found = Reflect.get(target, name);
        return typeof found === "function" ? found.bind(target) : found;
      },
    });
  const queue = (inner: Queue): Queue =>
    new Proxy(inner, {
      get(target, name) {
        const found = Reflect.get(target, name);
        return typeof found === "function" ? (...given: unknown[]) => live(() => found.apply(target, given)) : found;
      },
    });
  const { EMAIL: mail } = env;
  const email = mail && ({ send: (letter: never) => live(() => mail.send(letter)) } as SendEmail);
  const wrapped = {
    ...env,
    DIRECTORY: database(env.DIRECTORY),
    RUNLOG: database(env.RUNLOG),
    DELIVERIES: queue(env.DELIVERIES as Queue),
    ...(email === undefined ? {} : { EMAIL: email }),
  } as Env;
  return { env: wrapped, isDead: () => calls >= dies };
}
