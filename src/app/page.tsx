/** A whole page of the app: what stands around the part that changes. */
import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { AppPages, AppView } from "../domain/app-view.ts";
import { progressOf } from "./progress.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** How often a page that hears nothing loads itself again while its run goes on. */
const RELOAD_SECONDS = 2;

interface AppPageProps {
  readonly view: AppView;
  readonly fragment: string;
  /** Whether everything that will be seen is there: what captures wait for. */
  readonly isReady: boolean;
}

export const AppPage = ({ view, fragment, isReady }: AppPageProps) => (
  <html
    lang="en"
    data-carillon-ready={String(isReady)}
    data-carillon-state={view.state}
    data-carillon-run={view.stamp?.run ?? ""}
  >
    <Head title={view.project.name}>
      <Reload view={view} />
    </Head>
    <body>
      <a class="skip" href="#live">
        Skip to the content
      </a>
      <header>
        <div>
          <h1>{view.project.name}</h1>
          {/* A live region must be there before what it says. */}
          <p id="said" role="status">
            {view.isPending ? progressOf(view) : ""}
          </p>
        </div>
        <Controls view={view} />
      </header>
      <main
        id="live"
        data-events={view.events ?? ""}
        data-pending={String(view.isPending)}
        data-run-on-open={String(view.opensWithRun)}
      >
        {raw(fragment)}
      </main>
      <footer>Made with Carillon</footer>
      <script>{raw(SCRIPT)}</script>
    </body>
  </html>
);

export const Head = ({ title, children }: PropsWithChildren<{ readonly title: string }>) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>{`${title} · Carillon`}</title>
    <style>{raw(STYLE)}</style>
    {children}
  </head>
);

/** Where the script hears of the run, loading again is for those without one. */
const Reload = ({ view: { isPending, events } }: { readonly view: AppView }) => {
  if (!isPending) return null;
  const reload = <meta http-equiv="refresh" content={String(RELOAD_SECONDS)} />;
  return events === null ? reload : <noscript>{reload}</noscript>;
};

const Controls = ({ view: { rerun, home, stamp } }: { readonly view: AppView }) => (
  <nav class="controls" aria-label="This app">
    {home === null ? null : <a href={home}>The app as it is now</a>}
    {rerun === null ? null : (
      <form id="run" method="post" action={rerun}>
        <button type="submit">{stamp === null ? "Run now" : "Run again"}</button>
      </form>
    )}
  </nav>
);

/** Says why there is nothing to see. */
export const RefusalPage = ({ title, detail, requestId }: Parameters<AppPages["refusal"]>[0]) => (
  <html lang="en">
    <Head title={title} />
    <body>
      <main class="narrow">
        <h1>{title}</h1>
        <div class="sheet">
          <p>{detail}</p>
          <p class="note">
            {"Request "}
            <code>{requestId}</code>
          </p>
          <p>
            <a href="/">Go to the console</a>
          </p>
        </div>
      </main>
    </body>
  </html>
);
