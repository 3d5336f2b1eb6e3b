/** What stands around every page of the console. */
import type { Child, PropsWithChildren } from "hono/jsx";
import { Keys } from "./keys.tsx";
import { SCRIPT_ADDRESS } from "./script-file.ts";
import { STYLE_ADDRESS } from "./style-file.ts";

interface FrameProps {
  readonly title: string;
  /** Who is signed in, and where; absent: nobody. */
  readonly who?: { readonly email: string; readonly workspace: string };
  /** The ways to other pages; with them comes the script. */
  readonly aside?: Child;
  /** What stands above the title. */
  readonly above?: Child;
  /** What stands beside the title. */
  readonly acts?: Child;
  /** The project whose runs the page follows. */
  readonly live?: string;
}

/** A whole page. Those that ask for one thing are narrow. */
export const Frame = ({ title, who, aside, above, acts, live, children }: PropsWithChildren<FrameProps>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · Carillon`}</title>
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href={STYLE_ADDRESS} />
      {aside === undefined ? null : <script src={SCRIPT_ADDRESS} type="module" />}
    </head>
    <body {...(live === undefined ? {} : { "data-live-project": live })}>
      <a class="skip" href="#main">
        Skip to what the page shows
      </a>
      <header>
        <a class="brand" href="/">
          Carillon
        </a>
        {who === undefined ? null : (
          <span class="where">
            {who.workspace} · {aside === undefined ? who.email : <a href="/preferences">{who.email}</a>}
          </span>
        )}
        {live === undefined ? null : <span id="live-state" class="mark" />}
        {aside === undefined ? null : (
          <a class="menu" href="#ways">
            Menu
          </a>
        )}
      </header>
      {aside === undefined ? null : (
        <div id="ways" class="ways">
          {aside}
        </div>
      )}
      <main id="main" class={who === undefined ? "narrow" : aside === undefined ? "" : "inside"}>
        {live === undefined ? null : <p id="live-notice" class="news" role="status" hidden />}
        {above}
        <div class="title">
          <h1>{title}</h1>
          {acts ? <div class="row">{acts}</div> : null}
        </div>
        {children}
      </main>
      {aside === undefined ? null : <Keys />}
    </body>
  </html>
);

/** A page that says one thing, and where to go from there. */
export const Notice = ({
  title,
  lines,
  next,
  below,
}: {
  readonly title: string;
  readonly lines: readonly string[];
  readonly next?: { readonly href: string; readonly label: string };
  /** What stands below it. */
  readonly below?: Child;
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
    {below}
  </Frame>
);

/** The way on from most troubles. */
export const SIGN_IN = { href: "/sign-in", label: "Sign in" };
