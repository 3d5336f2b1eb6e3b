/** A page as a browser takes it apart: its elements in order. */

export interface PageElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The elements of the page. What is text stays text here as it does in a browser. */
export async function elementsOf(html: string): Promise<readonly PageElement[]> {
  const found: PageElement[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) => {
      found.push({
        tag: tagName,
        attributes: Object.fromEntries([...attributes].map(([name, value]) => [name, value])),
      });
    },
  });
  await rewriter.transform(new Response(html)).text();
  return found;
}

/** What the characters of an attribute stand for. */
export const decode = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
