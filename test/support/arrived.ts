/** Mail as the mail servers of the tests took it, read back by a parser that is not ours. */
import { env } from "cloudflare:workers";
import PostalMime, { type Email } from "postal-mime";
import type { ReceivedCall } from "./receiver-server.ts";

export interface ArrivedMail {
  readonly raw: string;
  readonly mail: Email;
  /** What the server knew of the connection: `x-mail-from`, `x-mail-secure`, `x-mail-user`. */
  readonly about: Readonly<Record<string, string>>;
}

/** The mail in a box, oldest first. */
export async function mailIn(box: string): Promise<readonly ArrivedMail[]> {
  const calls: readonly ReceivedCall[] = await (await fetch(`${env.RECEIVER}/${box}`)).json();
  return Promise.all(
    calls.map(async ({ body, headers }) => ({ raw: body, mail: await PostalMime.parse(body), about: headers })),
  );
}

/** The value of a header; empty when it is not there. */
export const headerOf = ({ mail }: ArrivedMail, name: string): string =>
  mail.headers.find(({ key }) => key === name.toLowerCase())?.value ?? "";
