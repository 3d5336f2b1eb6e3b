/** The app as it is captured: a page to be looked at and not to be used, everything of it there at once. */
import { raw } from "hono/html";
import type { AppView, CaptureCaption } from "../domain/app-view.ts";
import { CAPTURE_STYLE } from "./capture-style.ts";
import { Moment } from "./moment.tsx";
import { Head } from "./page.tsx";
import { SCRIPT } from "./script.ts";

interface CapturePageProps {
  readonly view: AppView;
  readonly caption: CaptureCaption;
  readonly fragment: string;
  readonly isReady: boolean;
}

export const CapturePage = ({ view, caption, fragment, isReady }: CapturePageProps) => (
  <html
    lang="en"
    data-carillon-ready={String(isReady)}
    data-carillon-state={view.state}
    data-carillon-run={view.stamp?.run ?? ""}
    data-carillon-capture={caption.formats.join("-")}
  >
    <Head title={view.project.name}>
      {/* A print makes links of authors' html whole by the page's address, whose query holds the token. */}
      <base href="?" />
      <style>{raw(CAPTURE_STYLE)}</style>
    </Head>
    <body>
      <header>
        <h1>{view.project.name}</h1>
      </header>
      <main id="live" data-pending="false">
        {raw(fragment)}
      </main>
      <Foot view={view} caption={caption} />
      <script>{raw(SCRIPT)}</script>
    </body>
  </html>
);

/** What a picture says of itself when it has left the page: what it is of, and of when. */
const Foot = ({
  view: { project, timezone },
  caption: { schedule, scheduledFor, ranAt },
}: Pick<CapturePageProps, "view" | "caption">) => (
  <footer>
    <span>{project.name}</span>
    {schedule === null ? null : <span>{schedule}</span>}
    <span>
      {"due "}
      <Moment at={scheduledFor} timezone={timezone} />
    </span>
    {ranAt === null ? null : (
      <span>
        {"ran "}
        <Moment at={ranAt} timezone={timezone} />
      </span>
    )}
    <span>Made with Carillon</span>
  </footer>
);
