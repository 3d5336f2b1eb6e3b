/** What stands around every page of the console. */

import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import { STYLE } from "./style.ts";

interface FrameProps {
  readonly title: string;
  /** Who is signed in, and where; absent: nobody. */
  readonly who?: { readonly email: string; readonly workspace: string };
}

/** A whole page. Those that ask for one thing are narrow. */
export const Frame = ({ title, who, children }: PropsWithChildren<FrameProps>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${title} · Carillon`}</title>
      <style>{raw(STYLE)}</style>
    </head>
    <body>
      <header>
        <a class="brand" href="/">
          Carillon
        </a>
        {who === undefined ? null : (
          <span class="where">
            {who.workspace} · {who.email}
          </span>
        )}
      </header>
      <main class={who === undefined ? "narrow" : ""}>
        <h1>{title}</h1>
        {children}
      </main>
    </body>
  </html>
);

/** A page that says one thing, and where to go from there. */
export const Notice = ({
  title,
  lines,
  next,
}: {
  readonly title: string;
  readonly lines: readonly string[];
  readonly next?: { readonly href: string; readonly label: string };
}) => (
  <Frame title={title}>
    <div class="sheet">
      {lines.map((line) => (
        <p>{line}</p>
      ))}
      {next === undefined ? null : (
        <p>
          <a href={next.href}>{next.label}</a>
        </p>
      )}
    </div>
  </Frame>
);

/** The way on from most troubles. */
export const SIGN_IN = { href: "/sign-in", label: "Sign in" };
