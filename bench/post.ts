/** The bench's mail service: a binding whose mail goes to the bench's receiver, which answers after as long as it is told. */
import type { Env } from "../src/env.ts";
import type { BenchEnv } from "./worker.ts";

/** The path that mail comes by. */
export const MAIL_PATH = "/mail";

const houses = new WeakMap<BenchEnv, Env>();

/** The house as the consumers have it. One for each environment: settings are read once for each. */
export function houseWithPost(env: BenchEnv): Env {
  const known = houses.get(env);
  if (known !== undefined) return known;
  const house: Env = {
    ...env,
    EMAIL: { send: (letter: unknown) => post(env.RECEIVER, parseLetter(letter)) } as SendEmail,
    MAIL_FROM: "carillon@bench.test",
    // With an address, so that mail has all of its links.
    PUBLIC_URL: "https://bench.test",
  };
  houses.set(env, house);
  return house;
}

interface Letter {
  readonly to: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Carillon's post gives to the binding. */
const parseLetter = (letter: unknown): Letter => letter as Letter;

async function post(receiver: string, { to, headers }: Letter): Promise<EmailSendResult> {
  const id = `${headers["X-Carillon-News"]} ${to}`;
  const response = await fetch(receiver + MAIL_PATH, { method: "POST", body: JSON.stringify({ id }) });
  await response.text();
  return { messageId: id };
}
