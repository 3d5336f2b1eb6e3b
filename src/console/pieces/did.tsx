/** Says what a form just did, by the word that it put into the address: one of these, or nothing is said. */

import type { SignedIn } from "../signed-in.tsx";
import { Done } from "./pieces.tsx";

interface Props {
  readonly visit: SignedIn;
  readonly words: Readonly<Record<string, string>>;
}

export const Did = ({ visit, words }: Props) => {
  const did = visit.c.req.query("did");
  return did !== undefined && Object.hasOwn(words, did) ? <Done>{words[did]}</Done> : null;
};
