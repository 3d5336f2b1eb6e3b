/** The bindings and settings of a deployment, read once and refused with a name and a hint when one is wrong. Floors 3 to 5. */
import type { CaptureOrder } from "./domain/captures/capture.ts";
import type { RunRef } from "./domain/claim.ts";
import type { DeliveryOrder } from "./domain/news/delivery-order.ts";
import { isMailAddress, type MailServer, readMailServer } from "./domain/news/mail-server.ts";
import { DEFAULT_RETRY_LIMITS, type RetryLimits } from "./domain/policy/retry.ts";

/** What wrangler.toml binds. */
export interface Env {
  readonly PROJECT: DurableObjectNamespace;
  readonly DIRECTORY: D1Database;
  readonly RUNLOG: D1Database;
  readonly ARTIFACTS: R2Bucket;
  readonly RUNS: Queue<RunRef>;
  readonly CAPTURES: Queue<CaptureOrder>;
  readonly DELIVERIES: Queue<DeliveryOrder>;
  readonly CARILLON_KEY: string;
  /** Optional: without a limiter nobody is held back, without mail invitations are handed over by hand. */
  readonly TOKEN_RATE?: RateLimit;
  readonly WORKSPACE_RATE?: RateLimit;
  readonly EMAIL?: SendEmail;
  /** Runs code functions; without it only http functions can be published. */
  readonly LOADER?: WorkerLoader;
  /** Takes captures; without it a capture fails and says so. */
  readonly BROWSER?: Fetcher;
  readonly MAIL_FROM?: string;
  /** Sends mail by SMTP in place of `EMAIL`: smtps://user:password@host:465, or smtp://…:587 with STARTTLS. */
  readonly SMTP_URL?: string;
  /** The deployment's own Slack app; without it Slack cannot be connected. */
  readonly SLACK_CLIENT_ID?: string;
  readonly SLACK_CLIENT_SECRET?: string;
  readonly SLACK_SIGNING_SECRET?: string;
  /** Where Slack is; https://slack.com unless a test stands in for it. */
  readonly SLACK_URL?: string;
  /** `true` keeps mail and Slack messages on this machine, for the page /outbox. */
  readonly LOCAL_OUTBOX?: string;
  readonly ACCESS_ISSUER?: string;
  readonly ACCESS_AUDIENCE?: string;
  readonly SIGN_IN_RATE?: RateLimit;
  readonly LOCAL_SIGN_IN?: string;
  readonly PUBLIC_URL?: string;
  readonly ALLOW_LOOPBACK?: string;
  readonly CONSUMER_WAITS?: string;
  readonly CAPTURE_BROWSERS?: string;
  readonly RETRY_MAX_ATTEMPTS?: string;
  readonly RETRY_MAX_DELAY_MS?: string;
  readonly RETRY_DEFAULT_DELAY_MS?: string;
}

/** The settings, of their right types. */
export interface Config {
  readonly retry: RetryLimits;
  readonly allowLoopback: boolean;
  /** Whether a queue consumer waits for its runs before it takes the next batch. */
  readonly consumerWaits: boolean;
  /** Browsers that take captures at the same time; at least one. */
  readonly captureBrowsers: number;
  readonly publicUrl: string | null;
  /** Cloudflare Access in front, and then the only way to sign in; null: people sign in by a link. */
  readonly access: { readonly issuer: string; readonly audience: string } | null;
  /** Sends mail in place of the platform; null: the platform does. */
  readonly mailServer: MailServer | null;
  /** The deployment's own Slack app; null: Slack cannot be connected. `url` is where Slack is, such as `https://slack.com`. */
  readonly slack: {
    readonly url: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly signingSecret: string;
  } | null;
  /** Whether mail stays on this machine. */
  readonly localOutbox: boolean;
  /** Whether Slack messages do: they go out when the deployment has a Slack app of its own. */
  readonly localSlack: boolean;
  /** Whether the links that a start on one's own machine prints are honoured. */
  readonly localSignIn: boolean;
}

/** A binding or a setting is missing or wrong; `hint` says what would have been right. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly setting: string;
  readonly hint: string;

  constructor(setting: string, hint: string) {
    super(`${setting} is missing or wrong. ${hint}`);
    this.setting = setting;
    this.hint = hint;
  }
}

/** The origin at which people reach the deployment: as configured, else as it was asked just now. */
export const publicOrigin = ({ publicUrl }: Config, asked: string): string => new URL(publicUrl ?? asked).origin;

const BINDINGS = ["PROJECT", "DIRECTORY", "RUNLOG", "ARTIFACTS", "RUNS", "CAPTURES", "DELIVERIES"] as const;
const KEY_BYTES = 32;
const DEFAULT_CAPTURE_BROWSERS = 4;

const checked = new WeakMap<Env, Config>();

/** The settings of this deployment. Throws a `ConfigError` for the first binding or setting that is wrong. */
export function readConfig(env: Env): Config {
  const known = checked.get(env);
  if (known !== undefined) return known;
  for (const binding of BINDINGS) {
    if (env[binding] === undefined)
      throw new ConfigError(binding, "Bind it in wrangler.toml; the repository's own binds every one.");
  }
  checkKey(env.CARILLON_KEY);
  const slack = readSlack(env);
  const localOutbox = env.LOCAL_OUTBOX === "true";
  const config: Config = {
    retry: {
      maxAttempts: wholeNumber("RETRY_MAX_ATTEMPTS", env.RETRY_MAX_ATTEMPTS, DEFAULT_RETRY_LIMITS.maxAttempts),
      maxDelay: wholeNumber("RETRY_MAX_DELAY_MS", env.RETRY_MAX_DELAY_MS, DEFAULT_RETRY_LIMITS.maxDelay),
      defaultDelay: wholeNumber(
        "RETRY_DEFAULT_DELAY_MS",
        env.RETRY_DEFAULT_DELAY_MS,
        DEFAULT_RETRY_LIMITS.defaultDelay,
      ),
    },
    allowLoopback: env.ALLOW_LOOPBACK === "true",
    consumerWaits: env.CONSUMER_WAITS !== "false",
    captureBrowsers: wholeNumber("CAPTURE_BROWSERS", env.CAPTURE_BROWSERS, DEFAULT_CAPTURE_BROWSERS, 1),
    publicUrl: env.PUBLIC_URL ? env.PUBLIC_URL : null,
    access: readAccess(env),
    mailServer: readSmtp(env),
    slack,
    localOutbox,
    localSlack: localOutbox && slack === null,
    localSignIn: env.LOCAL_SIGN_IN === "true",
  };
  checked.set(env, config);
  return config;
}

function checkKey(key: string | undefined): void {
  const hint = `Set the secret to ${KEY_BYTES} random bytes in base64: openssl rand -base64 ${KEY_BYTES} | wrangler secret put CARILLON_KEY`;
  if (key === undefined) throw new ConfigError("CARILLON_KEY", hint);
  if (Buffer.from(key, "base64").length !== KEY_BYTES) throw new ConfigError("CARILLON_KEY", hint);
}

/** Both or neither: with one alone nobody could be told from anybody. */
function readAccess({ ACCESS_ISSUER, ACCESS_AUDIENCE }: Env): Config["access"] {
  if (!ACCESS_ISSUER && !ACCESS_AUDIENCE) return null;
  const hint = "It takes the address of the Access team, such as https://team.cloudflareaccess.com.";
  if (!ACCESS_ISSUER)
    throw new ConfigError("ACCESS_ISSUER", `${hint} Without Access, leave ACCESS_AUDIENCE empty too.`);
  if (!URL.canParse(ACCESS_ISSUER)) throw new ConfigError("ACCESS_ISSUER", hint);
  if (!ACCESS_AUDIENCE)
    throw new ConfigError("ACCESS_AUDIENCE", "It takes the audience tag that Access shows for the application.");
  return { issuer: ACCESS_ISSUER.replace(/\/+$/, ""), audience: ACCESS_AUDIENCE };
}

/** A server alone sends nothing: it needs a sender too. */
function readSmtp({ SMTP_URL, MAIL_FROM, ALLOW_LOOPBACK }: Env): MailServer | null {
  if (!SMTP_URL) return null;
  const server = readMailServer(SMTP_URL, ALLOW_LOOPBACK === "true");
  if (!server.ok) throw new ConfigError("SMTP_URL", server.error);
  if (!MAIL_FROM || !isMailAddress(MAIL_FROM))
    throw new ConfigError("MAIL_FROM", "SMTP_URL is set, and mail needs a sender too, such as carillon@example.com.");
  return server.value;
}

/** All of the app's three or none: with an id alone nobody could be connected, and no event be believed. */
function readSlack({ SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET, SLACK_URL }: Env): Config["slack"] {
  const url = SLACK_URL ? SLACK_URL : "https://slack.com";
  if (!URL.canParse(url)) throw new ConfigError("SLACK_URL", "It takes an address, and is empty but for tests.");
  if (!SLACK_CLIENT_ID) return null;
  const hint = "It is on the page of your Slack app, under Basic Information; set it with wrangler secret put.";
  if (!SLACK_CLIENT_SECRET) throw new ConfigError("SLACK_CLIENT_SECRET", hint);
  if (!SLACK_SIGNING_SECRET) throw new ConfigError("SLACK_SIGNING_SECRET", hint);
  return {
    url: url.replace(/\/+$/, ""),
    clientId: SLACK_CLIENT_ID,
    clientSecret: SLACK_CLIENT_SECRET,
    signingSecret: SLACK_SIGNING_SECRET,
  };
}

function wholeNumber(setting: string, text: string | undefined, fallback: number, least = 0): number {
  if (text === undefined || text === "") return fallback;
  const isNumber = /^\d{1,12}$/.test(text) && Number(text) >= least;
  if (!isNumber) throw new ConfigError(setting, `It takes a whole number of at least ${least}, such as ${fallback}.`);
  return Number(text);
}
