/** Why no picture could be taken: a named reason, a sentence, and what would mend it. Pure. */

export interface CaptureFailure {
  readonly reason: CaptureFailureReason;
  /** What happened, for people; no word or address of the page is in it. */
  readonly message: string;
  /** What the page itself said, or which addresses it was: for editors, since it may tell more than the page shows. */
  readonly detail?: string;
}

interface ReasonFacts {
  /** How often it is tried in all: once where another attempt would end alike, twice where an attempt takes long to fail. */
  readonly attempts: 1 | 2 | 3;
  /** What to do about it, in words. */
  readonly fix: string;
}

/** Every reason, how often it is tried, and its fix. */
export const CAPTURE_FAILURE_REASONS = {
  no_browser: {
    attempts: 1,
    fix: "Bind Browser Rendering as BROWSER in wrangler.toml; on your own machine, install Chromium or name one by CHROME_PATH.",
  },
  browser_busy: { attempts: 3, fix: "Wait; if it happens often, raise CAPTURE_BROWSERS or the account's limits." },
  browser_lost: { attempts: 3, fix: "Nothing: the browser ended while it worked, and another one was tried." },
  run_missing: { attempts: 1, fix: "The run is no longer kept; capture a newer one." },
  address_refused: {
    attempts: 1,
    fix: "Have the page use https addresses on the public Internet, and of this deployment none but the page of the run.",
  },
  unreachable: { attempts: 3, fix: "See that the page's server answers from the Internet, and in time." },
  download: {
    attempts: 1,
    fix: "Have the address answer with a page: without Content-Disposition: attachment, and with HTML.",
  },
  bad_status: { attempts: 3, fix: "Open the page by hand; its server answered with an error." },
  redirected: {
    attempts: 1,
    fix: "Let the page accept the token it is given (carillon_token): it led to another one, such as a sign-in.",
  },
  not_ready: {
    attempts: 2,
    fix: "See which wait did not pass. A page says itself that it is ready with data-carillon-ready on its root, or by a selector in the settings.",
  },
  selector_invalid: {
    attempts: 1,
    fix: "Mend capture_ready_selector in the settings: it takes a CSS selector that a browser understands.",
  },
  other_run: {
    attempts: 1,
    fix: "Have the page show the run that carillon_run names, and say so with data-carillon-run on its root.",
  },
  script_error: {
    attempts: 3,
    fix: "Mend the script error, or have the page vouch for itself with data-carillon-ready.",
  },
  load_failed: {
    attempts: 3,
    fix: "See which of the page's requests failed, or have the page vouch for itself with data-carillon-ready.",
  },
  blank: { attempts: 3, fix: "See that the page shows something: there was hardly anything on the picture." },
  too_large: { attempts: 1, fix: "Show less: fewer rows or pictures, or ask for the other format." },
  too_slow: { attempts: 2, fix: "Make the page lighter, so that it can be drawn in time." },
  limit_reached: { attempts: 1, fix: "Wait for tomorrow, take fewer captures, or change the plan." },
  lost: { attempts: 3, fix: "Ask for the capture again: whoever took it did not come to an end." },
} as const satisfies Readonly<Record<string, ReasonFacts>>;

export type CaptureFailureReason = keyof typeof CAPTURE_FAILURE_REASONS;

/** Every reason, in the order of the table. */
export const CAPTURE_FAILURE_NAMES = Object.keys(CAPTURE_FAILURE_REASONS).filter(
  (name): name is CaptureFailureReason => name in CAPTURE_FAILURE_REASONS,
);

export const fixFor = (reason: CaptureFailureReason): string => CAPTURE_FAILURE_REASONS[reason].fix;

/** How often a capture that fails so is tried in all. */
export const attemptsAt = (reason: CaptureFailureReason): number => CAPTURE_FAILURE_REASONS[reason].attempts;
