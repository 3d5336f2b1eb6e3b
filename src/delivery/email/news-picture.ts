/** What a mail carries of a capture: inline, attached, or a link and a sentence. */
import type { DeliveryFailure } from "../../domain/news/delivery-failure.ts";
import { withoutPicture } from "../../domain/news/wording.ts";
import type { NewsLinks, Picture } from "../channel.ts";
import type { MailFile } from "./post.ts";

/** What the mail says of it. */
export interface ShownPicture {
  /** Under which the HTML shows the file that goes along; null: nothing is shown. */
  readonly cid: string | null;
  readonly alt: string;
  /** Sentences: what is missing and why, or where it is. */
  readonly notes: readonly string[];
  readonly link: string | null;
  readonly linkLabel: string;
}

export interface Carried {
  readonly shown: ShownPicture;
  readonly files: readonly MailFile[];
  /** Why less goes along than was wanted; null: all of it does. */
  readonly without: DeliveryFailure | null;
}

/** One picture at most is in a mail. */
const CONTENT_ID = "capture@carillon";

/** What goes along of a picture. Reads its bytes; null when they are gone. */
export async function carry(picture: Picture, links: NewsLinks): Promise<Carried> {
  if (picture.kind !== "there") return lacking(picture, links);
  if (picture.step === "link") return asLink(picture, links, TOO_LARGE);
  const bytes = await picture.read();
  if (bytes === null) return lacking({ kind: "failed", format: picture.format, failure: GONE }, links);
  const { format, filename, contentType, alt, step } = picture;
  const isShown = contentType.startsWith("image/");
  const file = { filename, contentType, bytes, contentId: isShown ? CONTENT_ID : null };
  const smaller = step === "preview" ? [withoutPicture(format, { kind: "preview" })] : [];
  const attached = isShown ? [] : [`Attached: ${filename}.`];
  const shown = { ...linkTo(links), cid: file.contentId, alt, notes: [...smaller, ...attached] };
  return { shown, files: [file], without: null };
}

/** The same without the file, when it proved too large on the way. */
export const asLink = (
  { format, alt }: Extract<Picture, { readonly kind: "there" }>,
  links: NewsLinks,
  without: DeliveryFailure,
): Carried => ({
  shown: { ...linkTo(links), cid: null, alt, notes: [withoutPicture(format, { kind: "link" })] },
  files: [],
  without,
});

function lacking(picture: Exclude<Picture, { readonly kind: "there" }>, links: NewsLinks): Carried {
  const without = picture.kind === "late" ? LATE : picture.failure;
  const note = withoutPicture(picture.format, picture.kind === "late" ? { kind: "late" } : picture);
  // What failed is nowhere to be seen; what is late will be there.
  const link =
    picture.kind === "late" ? linkTo(links) : { link: links.app, linkLabel: "See the app as the run left it" };
  return { shown: { ...link, cid: null, alt: "", notes: [note] }, files: [], without };
}

const linkTo = ({ capture, app }: NewsLinks): Pick<ShownPicture, "link" | "linkLabel"> =>
  capture === null
    ? { link: app, linkLabel: "See the app as the run left it" }
    : { link: capture, linkLabel: "See it in full" };

export const TOO_LARGE: DeliveryFailure = {
  reason: "picture_too_large",
  message: "The capture is larger than a mail may be.",
};
const LATE: DeliveryFailure = { reason: "picture_late", message: "The capture was not there in time." };
const GONE: DeliveryFailure = { reason: "picture_failed", message: "The capture is not kept any more." };
