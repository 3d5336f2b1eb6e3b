/**
 * The token that lets a function complete the run it was called for, and nothing else. It is a MAC over the run's name,
 * so none is stored; it is worth nothing once the run has ended.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import { isUuid, type RunId, readProjectId, readRunId, readWorkspaceId } from "../domain/ids.ts";

const PREFIX = "crt";

export interface RunTokenSubject {
  readonly scope: ProjectScope;
  readonly run: RunId;
}

/** `crt_<workspace>_<project>_<run>_<mac>` */
export function makeRunToken(key: string, subject: RunTokenSubject): string {
  const { workspaceId, projectId } = subject.scope;
  const named = [PREFIX, workspaceId, projectId, subject.run].join("_");
  return `${named}_${macOf(key, named).toString("base64url")}`;
}

/** Whom the token speaks for, or null when it is not one of ours. Compares in constant time. */
export function readRunToken(key: string, token: string): RunTokenSubject | null {
  const [prefix, workspace = "", project = "", run = "", ...mac] = token.split("_");
  if (prefix !== PREFIX || !isUuid(workspace) || !isUuid(project) || !isUuid(run)) return null;
  const given = Buffer.from(mac.join("_"), "base64url");
  const right = macOf(key, [prefix, workspace, project, run].join("_"));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return { scope: mintProjectScope(readWorkspaceId(workspace), readProjectId(project)), run: readRunId(run) };
}

const macOf = (key: string, text: string): Buffer =>
  createHmac("sha256", Buffer.from(key, "base64")).update(`run-token|${text}`).digest();
