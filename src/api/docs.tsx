/** `/docs`: the API for people, drawn from the same document that programs read. */
import { createHash } from "node:crypto";
import { DocsPage } from "./docs-page.tsx";
import { DOCS_STYLE } from "./docs-style.ts";
import { type ApiDocument, INTRODUCTION } from "./document.ts";
import { guideOf } from "./guide.ts";
import type { Api } from "./operation.ts";

/** Nothing but the page's own style sheet, which is named by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(DOCS_STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function mountDocs(api: Api, document: () => ApiDocument): void {
  api.get("/docs", (c) => {
    const sections = guideOf(document(), new URL(c.req.url).origin);
    c.header("content-security-policy", POLICY);
    return c.html(`<!DOCTYPE html>${<DocsPage sections={sections} introduction={INTRODUCTION} />}`);
  });
}
