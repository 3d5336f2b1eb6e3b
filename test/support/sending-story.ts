/** A project in a deployment that sends for real: mail by SMTP, Slack to the emulator; and what has arrived of it. */
import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import type { Run } from "../../src/domain/run.ts";
import type { Env } from "../../src/env.ts";
import { now } from "../../src/system.ts";
import { hold } from "../api/caller.ts";
import { Browser, makeTeam } from "../console/browser.ts";
import { type ArrivedMail, mailIn } from "./arrived.ts";
import { keepCaptured } from "./captured.ts";
import { handle } from "./hand-queue.ts";
import { makeNewsWorld, type NewsWorld } from "./news-world.ts";
import { agreeInSlack } from "./slack-hands.ts";

/** A deployment that sends: mail by a server of its own, Slack to the emulator. */
const house = (): Env =>
  ({
    ...env,
    SMTP_URL: `smtp://localhost:${inject("mailPorts").open}`,
    MAIL_FROM: "carillon@carillon.test",
    PUBLIC_URL: "https://carillon.test",
  }) as unknown as Env;

export interface Story extends NewsWorld {
  readonly browser: Browser;
  /** Has all that is due sent. */
  send(): Promise<void>;
  /** Mail to somebody about this project, oldest first. */
  mail(to: { readonly email: string }): Promise<readonly ArrivedMail[]>;
  subjects(to: { readonly email: string }): Promise<readonly (string | undefined)[]>;
  /** The admin connects the workspace to Slack, and agrees there. */
  installSlack(): Promise<void>;
}

/** A workspace on this plan, with a project that runs. */
export async function makeStory({ plan = "enterprise" } = {}): Promise<Story> {
  const { scope, adminId, email } = await makeTeam();
  await env.DIRECTORY.prepare("UPDATE workspaces SET plan = ?2 WHERE id = ?1").bind(scope.workspaceId, plan).run();
  const world = await makeNewsWorld("ok", { holdsCaptures: true, admin: await hold(scope, adminId, email) });
  const browser = new Browser();
  const mail: Story["mail"] = async (to) => {
    const all = await mailIn(to.email.split(".")[0] ?? "");
    return all.filter((one) => one.mail.html?.includes(world.scope.projectId));
  };
  return {
    ...world,
    browser,
    mail,
    send: () => world.queue.pump(house()),
    subjects: async (to) => (await mail(to)).map((one) => one.mail.subject),
    async installSlack() {
      // The emulator has one team, which the test before may have connected to a workspace of its own.
      await env.DIRECTORY.exec("DELETE FROM slack_connections");
      await browser.signIn(email);
      const { body } = await world.ada.call("POST", "/v1/slack/connection");
      expect((await browser.get(await agreeInSlack(body.authorize_url))).status).toBe(200);
      world.queue.held = [];
    },
  };
}

/** Has the captures of a run taken, and what waited for them sent. */
export async function capture({ scope, send }: Story, run: Run): Promise<void> {
  await send();
  for (const format of ["png", "pdf"] as const) await keepCaptured({ scope, run: run.id, format }, now() + 60_000);
  const { workspaceId: workspace, projectId: project } = scope;
  await handle([{ kind: "release", workspace, project, news: run.id }], house());
  await send();
}
