/** Why no picture could be taken: a named reason, a sentence, and what would mend it. Pure. */

export interface CaptureFailure {
  readonly reason: CaptureFailureReason;
  /** What happened, for people. */
  readonly message: string;
}

interface ReasonFacts {
  /** Whether the same attempt may go well a little later. */
  readonly isPassing: boolean;
  /** What to do about it, in words. */
  readonly fix: string;
}

/** Every reason, whether it passes, and its fix. */
export const CAPTURE_FAILURE_REASONS = {
  no_browser: {
    isPassing: false,
    fix: "Bind Browser Rendering as BROWSER in wrangler.toml; on your own machine, install Chromium or name one by CHROME_PATH.",
  },
  browser_busy: { isPassing: true, fix: "Wait; if it happens often, raise CAPTURE_BROWSERS or the account's limits." },
  browser_lost: { isPassing: true, fix: "Nothing: the browser ended while it worked, and another one was tried." },
  run_missing: { isPassing: false, fix: "The run is no longer kept; capture a newer one." },
  address_refused: {
    isPassing: false,
    fix: "Have the page use https addresses on the public Internet, and none of this deployment.",
  },
  unreachable: { isPassing: true, fix: "See that the page's server answers from the Internet, and in time." },
  bad_status: { isPassing: true, fix: "Open the page by hand; its server answered with an error." },
  redirected: {
    isPassing: false,
    fix: "Let the page accept the token it is given (carillon_token): it led to another one, such as a sign-in.",
  },
  not_ready: {
    isPassing: true,
    fix: "See which wait did not pass. A page says itself that it is ready with data-carillon-ready on its root, or by a selector in the settings.",
  },
  script_error: {
    isPassing: true,
    fix: "Mend the script error, or have the page vouch for itself with data-carillon-ready.",
  },
  load_failed: {
    isPassing: true,
    fix: "See which of the page's requests failed, or have the page vouch for itself with data-carillon-ready.",
  },
  blank: { isPassing: true, fix: "See that the page shows something: the picture was all of one colour." },
  too_large: { isPassing: false, fix: "Show less: fewer rows or pictures, or ask for the other format." },
  too_slow: { isPassing: true, fix: "Make the page lighter, so that it can be drawn in time." },
  limit_reached: { isPassing: false, fix: "Wait for tomorrow, take fewer captures, or change the plan." },
  lost: { isPassing: true, fix: "Ask for the capture again: whoever took it did not come to an end." },
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type CaptureFailureReason = keyof typeof CAPTURE_FAILURE_REASONS;

/** Every reason, in the order of the table. */
export const CAPTURE_FAILURE_NAMES = Object.keys(CAPTURE_FAILURE_REASONS).filter(
  (name): name is CaptureFailureReason => name in CAPTURE_FAILURE_REASONS,
);

export const fixFor = (reason: CaptureFailureReason): string => CAPTURE_FAILURE_REASONS[reason].fix;

/** Whether another attempt makes sense. */
export const isPassing = (reason: CaptureFailureReason): boolean => CAPTURE_FAILURE_REASONS[reason].isPassing;
