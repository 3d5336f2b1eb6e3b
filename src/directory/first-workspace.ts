/** How a deployment begins: once, with its first workspace. */
import { fail, ok, type Result } from "../domain/result.ts";
import { entryIfDone } from "./audit.ts";
import { type Chance, type Founded, founding, type NewWorkspace } from "./bootstrap.ts";
import { invitationOf } from "./making-invitations.ts";
import { operatorTokenText } from "./operators.ts";
import { hashSecret } from "./secrets.ts";
import { SECRET_RANDOM_BYTES, secretText } from "./sessions.ts";
import { keepLink } from "./sign-in-links.ts";
import { TOKEN_RANDOM_BYTES } from "./tokens.ts";

/** A deployment that has begun: all of it to be shown once. */
export interface Bootstrapped extends Founded {
  /** Of whoever runs the deployment. */
  readonly operatorToken: string;
  /** The secret of an invitation for the first admin. */
  readonly invitation: string;
}

const OPERATOR = { kind: "operator" } as const;

/**
 * Makes the first workspace of a deployment, its admin, and the operator's token. Refused when there is any workspace: the
 * first statement decides that, and the others follow it, so that of two at once one has done everything and one nothing.
 */
export async function bootstrap(
  db: D1Database,
  workspace: NewWorkspace,
  chance: Chance,
): Promise<Result<Bootstrapped, "not_empty">> {
  const { now, newId, randomBytes } = chance;
  const { statements, founded } = founding(db, workspace, chance, "NOT EXISTS (SELECT 1 FROM workspaces)");
  const [first, ...others] = statements;
  if (first === undefined) throw new Error("A workspace begins with a statement");
  const { scope, adminId } = founded;
  const id = scope.workspaceId;
  const operatorToken = operatorTokenText(randomBytes(TOKEN_RANDOM_BYTES));
  const invitation = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const scribe = { newId, doing: { doer: OPERATOR, at: now, requestId: null, address: null } };
  const results = await db.batch([
    first,
    entryIfDone(db, scope, scribe, {
      act: "workspace.created",
      target: { kind: "workspace", id, name: workspace.name },
      detail: { plan: workspace.plan, admin: workspace.email },
    }),
    ...others,
    db
      .prepare("INSERT INTO operator_tokens (hash, created_at) SELECT ?1, ?2 FROM workspaces WHERE id = ?3")
      .bind(hashSecret(operatorToken), now, id),
    keepLink(db, invitationOf(adminId, workspace.email, now), invitation),
    db.prepare("SELECT id FROM workspaces WHERE id = ?1").bind(id),
  ]);
  const isMine = (results.at(-1)?.results.length ?? 0) > 0;
  return isMine ? ok({ ...founded, operatorToken, invitation }) : fail("not_empty");
}
