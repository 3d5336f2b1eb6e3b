/** `/v1/audit`: who did what to which thing, from where. */
import { z } from "@hono/zod-openapi";
import { listEntries, type WrittenEntry } from "../directory/reading-audit.ts";
import { ACTS, DOER_KINDS } from "../domain/audit.ts";
import { isUuid, readProjectId } from "../domain/ids.ts";
import { allows, planRefusal } from "../domain/plan.ts";
import { fail, ok } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { inWorkspace } from "./door.ts";
import { Id, InstantField, InstantText, PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";
import { problemOf } from "./problem.ts";

const NAME_MAX_LENGTH = 200;

const AuditQuery = PageQuery.extend({
  doer: z.string().max(NAME_MAX_LENGTH).optional().openapi({ description: "The id of a member or a token." }),
  doer_kind: z.enum(DOER_KINDS).optional(),
  act: z.enum(ACTS).optional(),
  target: z.string().max(NAME_MAX_LENGTH).optional().openapi({ description: "The id of the thing." }),
  target_kind: z.string().max(NAME_MAX_LENGTH).optional().openapi({ example: "schedule" }),
  project: z.string().refine(isUuid, { error: "It is not an id." }).transform(readProjectId).optional(),
  from: InstantField.optional(),
  until: InstantField.optional().openapi({ description: "Entries before this instant." }),
});

const EntryJson = z
  .strictObject({
    id: Id,
    at: InstantText,
    doer: z.strictObject({ kind: z.enum(DOER_KINDS), id: Id.nullable(), name: z.string() }),
    act: z.enum(ACTS),
    target: z.strictObject({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
    project: Id.nullable(),
    detail: z.unknown().openapi({ description: "What else is known of it: before and after, what moved." }),
    address: z.string().nullable().openapi({ description: "The network address it came from." }),
    request_id: Id.nullable(),
  })
  .openapi("AuditEntry");

const entryJson = ({ requestId, at, ...entry }: WrittenEntry) => ({ ...entry, at: toIso(at), request_id: requestId });

export function mountAudit(api: Api): void {
  inWorkspace(
    api,
    {
      method: "get",
      tag: "Audit",
      path: "/v1/audit",
      id: "listAudit",
      needs: "read_audit",
      summary: "List who did what",
      description: "Also what the system did by itself: repairs, and pauses that a plan made necessary.",
      query: AuditQuery,
      problems: ["limit_reached"],
      answers: { 200: { description: "Newest first.", schema: pageOf(EntryJson) } },
    },
    async ({ env, caller, query }) => {
      if (!allows(caller.plan, "audit", true)) return fail(problemOf(planRefusal(caller.plan, "audit", true)));
      const { limit, cursor, ...asked } = query;
      const list = listName("audit", caller.scope.workspaceId, asked);
      const { doer_kind: doerKind, target_kind: targetKind, ...rest } = asked;
      const page = await findPage(env, list, { limit, cursor }, (slice) =>
        listEntries(
          env.DIRECTORY,
          caller.scope,
          { ...rest, doerKind, targetKind },
          { limit: slice.limit, before: slice.after },
        ),
      );
      return page.ok ? ok(pageReply(env, list, page.value, entryJson)) : page;
    },
  );
}
