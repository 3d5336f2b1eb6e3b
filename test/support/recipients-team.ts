/** A project with people around it, for tests of whom its notifications may name. */
import { env } from "cloudflare:workers";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { auditOf, functionAt, makeAdmin, makeMember, type Person } from "../api/caller.ts";

/** The emulator's channel that everybody is in. */
export const GENERAL = "C000000001";

export interface RecipientsTeam {
  readonly ada: Person & { readonly workspaceToken: { readonly call: Person["call"] } };
  /** An editor of the workspace, whom nothing is shared with. */
  readonly bob: Person;
  readonly scope: ProjectScope;
  /** The project's address. */
  readonly at: string;
  /** Makes a group of these. */
  group(...members: readonly Person[]): Promise<string>;
  endpoint(behaviour?: string): Promise<string>;
  /** Saves a schedule that is due every day at nine. */
  save(notifications: readonly object[]): Promise<{ readonly id: string }>;
  /** Who was given access without being asked for, as the audit has it: the kind and id of each. */
  granted(): Promise<readonly string[]>;
  /** What is shared with whom, by kind and id. */
  grants(): Promise<Readonly<Record<string, string>>>;
}

/** A project whose published version has one function, `work`. */
export async function makeRecipientsTeam(plan = "enterprise"): Promise<RecipientsTeam> {
  const ada = await makeAdmin();
  await env.DIRECTORY.prepare("UPDATE workspaces SET plan = ?2 WHERE id = ?1").bind(ada.scope.workspaceId, plan).run();
  const bob = await makeMember(ada.scope, "editor", { name: "bob" });
  const made = await ada.call("POST", "/v1/projects", { body: { name: "Reports" } });
  const at = `/v1/projects/${made.body.id}`;
  await ada.call("POST", `${at}/versions`, { body: { functions: [functionAt("work")] } });
  await ada.call("PUT", `${at}/published`, { body: { version: 1 } });
  const created = async (path: string, body: object) => {
    const { status, body: answered } = await ada.call("POST", path, { body });
    if (status !== 201) throw new Error(`Not made: ${JSON.stringify(answered)}`);
    return answered;
  };
  return {
    ...{ ada, bob, at },
    scope: mintProjectScope(ada.scope.workspaceId, readProjectId(made.body.id)),
    async group(...members) {
      const { id } = await created("/v1/groups", { name: `Readers ${newId()}` });
      for (const member of members) await ada.call("PUT", `/v1/groups/${id}/members/${member.id}`);
      return id;
    },
    endpoint: async (behaviour = "ok") =>
      (await created("/v1/webhooks", { name: "Ops", url: `${env.RECEIVER}/${newId()}/${behaviour}`, events: [] })).id,
    save: (notifications) => created(`${at}/schedules`, { schedule: "every day at 9am", fn: "work", notifications }),
    granted: async () =>
      (await auditOf(ada.scope, "access.granted_automatically")).map(({ detail }) => {
        const { kind, id } = JSON.parse(detail ?? "null").grantee;
        return `${kind}/${id}`;
      }),
    async grants() {
      const { results } = await env.DIRECTORY.prepare(
        "SELECT grantee_kind, grantee_id, access FROM grants WHERE project_id = ?1",
      )
        .bind(made.body.id)
        .all<{ grantee_kind: string; grantee_id: string; access: string }>();
      return Object.fromEntries(results.map((row) => [`${row.grantee_kind}/${row.grantee_id}`, row.access]));
    },
  };
}
