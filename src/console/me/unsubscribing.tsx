/**
 * `/unsubscribe/{token}`: the link at the foot of news. Looking at it changes nothing, since programs that scan mail only look.
 * Mail programs send the form themselves, without a cookie and from anywhere (RFC 8058): the token alone says who it is.
 */
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { reachProject } from "../../actor/reach.ts";
import { findAddresses } from "../../directory/address-book.ts";
import { findProject, type Project } from "../../directory/projects.ts";
import { isUnsubscribed, resubscribe, type Subscriber, unsubscribe } from "../../directory/unsubscriptions.ts";
import { reaches, workspaceOf } from "../../domain/access.ts";
import { describe } from "../../domain/language/describe.ts";
import type { Reader } from "../../domain/news/expansion.ts";
import { isSameOrigin } from "../../http/same-origin.ts";
import { readUnsubscribeToken, type Unsubscribing } from "../../http/unsubscribe-token.ts";
import { now } from "../../system.ts";
import { type ConsoleEnv, type Form, type Pages, scribeOf, show, type Visit } from "../door.tsx";
import { Frame, Notice, SIGN_IN } from "../frame.tsx";
import { visitorOf } from "../visitor.ts";

const PATH = "/unsubscribe/:token";
const FORM_MAX_BYTES = 4 * 1024;

/** What RFC 8058 has mail programs send; the page's own button sends the same. */
const ONE_CLICK = { name: "List-Unsubscribe", value: "One-Click" } as const;
const AGAIN = { name: "again", value: "yes" } as const;

export function mountUnsubscribing(pages: Pages): void {
  pages.get(PATH, async (c) => {
    const found = await findSubscription(c);
    if (found === null) return show(c, <UnknownLinkPage />, 404);
    if (found.kind === "gone") return show(c, <GonePage />);
    const { member, unsubscribing } = found;
    const { scope, schedule } = unsubscribing;
    const isDone = await isUnsubscribed(c.env.DIRECTORY, workspaceOf(scope), member.id, schedule);
    return show(c, isDone ? <UnsubscribedPage {...found} /> : <AskPage {...found} />);
  });

  const tooLarge = bodyLimit({ maxSize: FORM_MAX_BYTES, onError: (c) => c.text("The form is too large.", 413) });
  pages.post(PATH, tooLarge, async (c) => {
    const found = await findSubscription(c);
    if (found === null) return show(c, <UnknownLinkPage />, 404);
    if (found.kind === "gone") return show(c, <GonePage />);
    // By member, and not by where it comes from: one mail service asks for many people.
    const limited = await c.env.SIGN_IN_RATE?.limit({ key: `unsubscribe:${found.member.id}` });
    if (limited?.success === false) return show(c, <TooOftenPage />, 429);
    return change(c, found);
  });
}

/** A second time comes to the same. */
async function change(c: Visit, found: Found): Promise<Response> {
  const { member, unsubscribing } = found;
  const { scope, schedule } = unsubscribing;
  const form = await readForm(c);
  const scribe = scribeOf(c, { kind: "member", id: member.id, name: member.email });
  if (form[ONE_CLICK.name] === ONE_CLICK.value) {
    await unsubscribe(c.env.DIRECTORY, scope, member, schedule, scribe);
    return show(c, <UnsubscribedPage {...found} />);
  }
  if (form[AGAIN.name] === AGAIN.value) {
    // A mail is forwarded: whoever holds it may stop news, and not have it sent to somebody who stopped it.
    const visitor = await visitorOf(c);
    const isThemselves = visitor?.membership.memberId === member.id && isSameOrigin(c.req.raw);
    if (!isThemselves) return show(c, <SignInFirstPage />, 401);
    await resubscribe(c.env.DIRECTORY, workspaceOf(scope), member, schedule, scribe);
    return show(c, <SubscribedPage {...found} />);
  }
  return show(c, <AskPage {...found} />, 400);
}

/** Of either kind that a form may have; empty when it is none. */
async function readForm(c: Visit): Promise<Form> {
  try {
    const fields = Object.entries(await c.req.parseBody());
    return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === "string"));
  } catch {
    return {};
  }
}

interface Found {
  readonly kind: "found";
  readonly token: string;
  readonly unsubscribing: Unsubscribing;
  readonly member: Subscriber;
  readonly project: Project;
  /** In English; null when the schedule is gone, or its project does not answer. */
  readonly schedule: string | null;
}

/** Null of a token that is not ours; `gone` where nobody is sent anything any more. */
async function findSubscription(c: Visit): Promise<Found | { readonly kind: "gone" } | null> {
  const token = c.req.param("token") ?? "";
  const unsubscribing = await readUnsubscribeToken(c.env.CARILLON_KEY, token);
  if (unsubscribing === null) return null;
  const { scope } = unsubscribing;
  const workspace = workspaceOf(scope);
  const [reader, project] = await Promise.all([
    findReader(c, unsubscribing),
    findProject(c.env.DIRECTORY, workspace, scope.projectId, now()),
  ]);
  if (reader === undefined || project === null) return { kind: "gone" };
  // An old mail must not go on telling whoever has left what the project and its schedules are.
  if (reader.state !== "active" || !reaches(reader.access, "app_only")) return { kind: "gone" };
  const schedule = await describeSchedule(c, unsubscribing);
  return { kind: "found", token, unsubscribing, member: reader, project, schedule };
}

/** As news would find them. */
async function findReader({ env }: Visit, { scope, member, schedule }: Unsubscribing): Promise<Reader | undefined> {
  const whom = { users: [member], groups: [], slackChannels: [], schedule, audience: "endpoints" } as const;
  const { readers } = await findAddresses(env.DIRECTORY, scope, whom);
  return readers.get(member);
}

/** The page does without: whoever wants to unsubscribe must not have to wait for a project that is busy. */
async function describeSchedule(
  { env }: Context<ConsoleEnv>,
  { scope, schedule }: Unsubscribing,
): Promise<string | null> {
  try {
    const found = await reachProject(env, scope).schedule(schedule);
    return found.ok ? describe(found.value.spec.recurrence, found.value.spec.timezone) : null;
  } catch {
    return null;
  }
}

const AskPage = (found: Found) => (
  <Frame title="Unsubscribe from this schedule?">
    <form class="sheet" method="post" action={`/unsubscribe/${found.token}`}>
      <Subscription {...found} />
      <p class="quiet">You would get no more news of its runs, neither by email nor as a direct message in Slack.</p>
      <input type="hidden" name={ONE_CLICK.name} value={ONE_CLICK.value} />
      <button type="submit">Unsubscribe</button>
    </form>
  </Frame>
);

const UnsubscribedPage = (found: Found) => (
  <Frame title="You are unsubscribed">
    <form class="sheet" method="post" action={`/unsubscribe/${found.token}`}>
      <Subscription {...found} />
      <p class="quiet">You get no more news of its runs. Other schedules are not touched.</p>
      <input type="hidden" name={AGAIN.name} value={AGAIN.value} />
      <button class="second" type="submit">
        Subscribe again
      </button>
    </form>
  </Frame>
);

const SubscribedPage = (found: Found) => (
  <Frame title="You are subscribed again">
    <div class="sheet">
      <Subscription {...found} />
      <p class="quiet">You get news of its runs where a notification names you.</p>
    </div>
  </Frame>
);

const Subscription = ({ member, project, schedule }: Found) => (
  <dl>
    <dt>Project</dt>
    <dd>{project.name}</dd>
    <dt>Schedule</dt>
    <dd>{schedule ?? "one that is not there any more"}</dd>
    <dt>You are</dt>
    <dd>{member.email}</dd>
  </dl>
);

const UnknownLinkPage = () => (
  <Notice
    title="This link is not known"
    lines={["Perhaps a part of it was lost on the way: copy all of it, or use the link of a newer mail."]}
  />
);

const GonePage = () => (
  <Notice
    title="There is nothing to unsubscribe from"
    lines={["The project is gone, or you are not a member of its workspace any more. You get no news of it."]}
  />
);

const SignInFirstPage = () => (
  <Notice
    title="Sign in to Carillon first"
    lines={[
      "Unsubscribing takes the link alone; subscribing again is for the member themselves.",
      "Sign in with this browser as the member whom the mail was for, and open the link once more.",
    ]}
    next={SIGN_IN}
  />
);

const TooOftenPage = () => (
  <Notice title="That was too often" lines={["Nothing was changed this time. Try again in a minute."]} />
);
