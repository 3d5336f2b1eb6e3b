/** What a function says about itself, read from what its isolate told: from outside, so every field is looked at. Pure. */
import { FUNCTION_NAME, type FunctionSpec, ISOLATE_SHARINGS } from "../function.ts";
import { isUuid } from "../ids.ts";
import { isSlackChannelId } from "../news/slack-channel.ts";
import {
  BODY_MAX_LENGTH,
  NOTIFICATION_ATTEMPTS,
  NOTIFICATION_CAPTURES,
  NOTIFICATION_EVENTS,
  NOTIFICATIONS_MAX,
  RECIPIENTS_MAX,
  SUBJECT_MAX_LENGTH,
} from "../notification.ts";
import { BACKOFFS, type RetryInput } from "../policy/retry.ts";
import { fail, ok, type Result } from "../result.ts";

/** The meta of a code function. */
export type Meta = Pick<FunctionSpec, "schedule" | "timezone" | "retry" | "timeout" | "isolate" | "notifications"> & {
  readonly name?: string;
};

/** What is wrong with one field. */
export interface MetaIssue {
  readonly field: string;
  readonly message: string;
  readonly expected: string;
}

const TEXT_MAX_LENGTH = 1_024;

type Check = { readonly expected: string; readonly holds: (value: unknown) => boolean };

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= TEXT_MAX_LENGTH;
const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isOneOf = (values: readonly string[]) => (value: unknown) => typeof value === "string" && values.includes(value);

type Parts = Readonly<Record<string, (value: unknown) => boolean>>;

const RETRY_PARTS: Parts = {
  attempts: isCount,
  delay: isCount,
  backoff: isOneOf(BACKOFFS),
};

const areSome = (isOne: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length <= RECIPIENTS_MAX && value.every(isOne);
const areIds = areSome((value) => isText(value) && isUuid(value));
const isLine = (value: unknown): boolean =>
  isText(value) && value.trim() !== "" && value.length <= SUBJECT_MAX_LENGTH && !/\p{Cc}/u.test(value);

const NOTIFICATION_PARTS: Parts = {
  on: isOneOf(NOTIFICATION_EVENTS),
  attempts: isOneOf(NOTIFICATION_ATTEMPTS),
  capture: isOneOf(NOTIFICATION_CAPTURES),
  users: areIds,
  groups: areIds,
  webhooks: areIds,
  slack_channels: areSome((value) => isText(value) && isSlackChannelId(value)),
  subject: isLine,
  body: (value) => typeof value === "string" && value.trim() !== "" && value.length <= BODY_MAX_LENGTH,
};

/** Whether it is an object of nothing but these parts. */
const isOf = (value: unknown, allowed: Parts): value is object =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([name, part]) => Object.hasOwn(allowed, name) && allowed[name]?.(part));

const isRetry = (value: unknown): value is RetryInput =>
  isCount(value) || (isOf(value, RETRY_PARTS) && "attempts" in value);

const areNotifications = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= NOTIFICATIONS_MAX && value.every((one) => isOf(one, NOTIFICATION_PARTS));

const FIELDS: Readonly<Record<keyof Meta, Check>> = {
  name: {
    expected: "letters, digits and - _ . / : only, such as daily-report, at most 128",
    holds: (value) => typeof value === "string" && FUNCTION_NAME.test(value),
  },
  schedule: { expected: "an expression such as every day at 9am", holds: isText },
  timezone: { expected: "an IANA time zone such as Europe/Berlin", holds: isText },
  retry: { expected: "a number of attempts, or {attempts, delay?, backoff?}", holds: isRetry },
  timeout: {
    expected: "milliseconds, or a duration such as 10 minutes",
    holds: (value) => isCount(value) || isText(value),
  },
  notifications: {
    expected: `a list of at most ${NOTIFICATIONS_MAX} of {on?, attempts?, capture?, users?, groups?, slack_channels?, webhooks?, subject?, body?}, with recipients by their ids, such as [{capture: "png"}]`,
    holds: areNotifications,
  },
  isolate: { expected: ISOLATE_SHARINGS.join(" or "), holds: isOneOf(ISOLATE_SHARINGS) },
};

const KNOWN = Object.keys(FIELDS);

/** The meta that a JSON text holds, or everything that is wrong with it. */
export function readMeta(json: string): Result<Meta, readonly MetaIssue[]> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail([{ field: "meta", message: "meta is no object.", expected: "an object" }]);
  const issues = Object.entries(value).flatMap(([field, given]) => issuesOf(field, given));
  return issues.length > 0 ? fail(issues.slice(0, KNOWN.length)) : ok(toMeta(value));
}

function issuesOf(field: string, given: unknown): readonly MetaIssue[] {
  const check = Object.entries(FIELDS).find(([name]) => name === field)?.[1];
  if (check === undefined) {
    const shown = field.slice(0, 64);
    return [{ field: shown, message: `meta has no field "${shown}".`, expected: `one of ${KNOWN.join(", ")}` }];
  }
  return check.holds(given) ? [] : [{ field, message: `${field} is ${shown(given)}.`, expected: check.expected }];
}

const SHOWN_MAX_LENGTH = 64;

function shown(given: unknown): string {
  const json = JSON.stringify(given);
  return json.length > SHOWN_MAX_LENGTH ? `${json.slice(0, SHOWN_MAX_LENGTH)}...` : json;
}

/** Every field was looked at. */
const toMeta = (checked: object): Meta => checked as Meta;
