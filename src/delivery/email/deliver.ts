/** The channel `email`: news for one recipient becomes one mail, and what became of it an outcome. */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { NewsForRecipient } from "../channel.ts";
import { newsHeaders } from "./news-headers.ts";
import { renderNews } from "./news-mail.tsx";
import { asLink, type Carried, carry, TOO_LARGE } from "./news-picture.ts";
import { type Mail, mailFailure, type Post } from "./post.ts";

/** Sends the news. Without a post it is held, until somebody configures one. */
export async function deliverByEmail(post: Post | null, given: NewsForRecipient): Promise<SendOutcome> {
  if (post === null) return mailFailure("again", "mail_not_configured", "This deployment sends no mail.");
  const { address } = given.target;
  if (address === null) return mailFailure("failed", "address_refused", "The recipient has no address.");
  const carried = await carriedOf(given);
  if ("kind" in carried) return carried;
  const sent = await post.send(mailOf(post, given, address, carried));
  if (sent.ok) return sentWith(carried);
  const isTooLarge = sent.error.failure.reason === "mail_too_large";
  if (!isTooLarge || carried.files.length === 0 || given.picture?.kind !== "there") return sent.error;
  // Once more with a link in place of the file: of a picture that is too large, people hear all the same.
  const lighter = asLink(given.picture, given.links, { ...TOO_LARGE, message: sent.error.failure.message });
  const again = await post.send(mailOf(post, given, address, lighter));
  return again.ok ? sentWith(lighter) : again.error;
}

const NOTHING: Omit<Carried, "shown"> & { readonly shown: null } = { shown: null, files: [], without: null };

type Carriage = Carried | typeof NOTHING;

/** The bytes lie elsewhere: when they cannot be read just now, it is tried again. */
async function carriedOf({ picture, links }: NewsForRecipient): Promise<Carriage | SendOutcome> {
  if (picture === null) return NOTHING;
  try {
    return await carry(picture, links);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return mailFailure("again", "picture_unreadable", `The capture could not be read: ${why}`);
  }
}

function mailOf(post: Post, given: NewsForRecipient, to: string, { shown, files }: Carriage): Mail {
  const domain = post.from.slice(post.from.lastIndexOf("@") + 1);
  // A mail that somebody has sent again is another one: programs may hide what they have seen.
  const id = given.round === 0 ? given.delivery : `${given.delivery}.${given.round}`;
  return { to, ...renderNews(given, shown), headers: newsHeaders(given, domain), files, id };
}

const sentWith = ({ without }: Carriage): SendOutcome => ({ kind: "sent", ...(without === null ? {} : { without }) });
