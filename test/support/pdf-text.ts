/** The text of a PDF, read back by a library that is not ours. */
import { extractText, getDocumentProxy } from "unpdf";

/** Of each page. */
export async function textOf(pdf: Uint8Array): Promise<readonly string[]> {
  const document = await getDocumentProxy(pdf.slice());
  const { text } = await extractText(document, { mergePages: false });
  return text;
}
