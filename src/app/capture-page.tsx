/** The app as it is captured: a page to be looked at and not to be used, everything of it there at once. */
import { raw } from "hono/html";
import type { AppView, CapturePage as Capture } from "../domain/app-view.ts";
import { CAPTURE_STYLE } from "./capture-style.ts";
import { Moment } from "./moment.tsx";
import { Head } from "./page.tsx";
import { SCRIPT } from "./script.ts";

interface CapturePageProps {
  readonly view: AppView;
  readonly capture: Capture;
  readonly fragment: string;
  readonly isReady: boolean;
}

export const CapturePage = ({ view, capture, fragment, isReady }: CapturePageProps) => (
  <html
    lang="en"
    data-carillon-ready={String(isReady)}
    data-carillon-state={view.state}
    data-carillon-run={view.stamp?.run ?? ""}
    data-carillon-capture={capture.formats.join("-")}
  >
    <Head title={view.project.name}>
      <style>{raw(CAPTURE_STYLE)}</style>
    </Head>
    <body>
      <header>
        <h1>{view.project.name}</h1>
      </header>
      <main id="live" data-pending="false">
        {raw(fragment)}
      </main>
      <Foot view={view} capture={capture} />
      <script>{raw(SCRIPT)}</script>
    </body>
  </html>
);

/** What a picture says of itself when it has left the page: what it is of, and of when. */
const Foot = ({
  view: { project, timezone },
  capture: { schedule, scheduledFor, ranAt },
}: Pick<CapturePageProps, "view" | "capture">) => (
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
