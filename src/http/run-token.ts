/**
 * The token that lets a function complete the run it was called for, and nothing else. It is a MAC over the run's name,
 * so none is stored; it is worth nothing once the run has ended.
 */
import { timingSafeEqual } from "node:crypto";
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import { isUuid, type RunId, readProjectId, readRunId, readWorkspaceId } from "../domain/ids.ts";
import { mac, macKey } from "./mac.ts";

const PREFIX = "crt";

export interface RunTokenSubject {
  readonly scope: ProjectScope;
  readonly run: RunId;
}

/** `crt_<workspace>_<project>_<run>_<mac>` */
export async function makeRunToken(key: string, subject: RunTokenSubject): Promise<string> {
  const { workspaceId, projectId } = subject.scope;
  const named = [PREFIX, workspaceId, projectId, subject.run].join("_");
  return `${named}_${(await macOf(key, named)).toString("base64url")}`;
}

/** Whom the token speaks for, or null when it is not one of ours. Compares in constant time. */
export async function readRunToken(key: string, token: string): Promise<RunTokenSubject | null> {
  const [prefix, workspace = "", project = "", run = "", ...mac] = token.split("_");
  if (prefix !== PREFIX || !isUuid(workspace) || !isUuid(project) || !isUuid(run)) return null;
  const given = Buffer.from(mac.join("_"), "base64url");
  const right = await macOf(key, [prefix, workspace, project, run].join("_"));
  // One way to write a token: base64url has spare bits at its end, and a lenient reader.
  if (given.toString("base64url") !== mac.join("_")) return null;
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return { scope: mintProjectScope(readWorkspaceId(workspace), readProjectId(project)), run: readRunId(run) };
}

const macOf = async (key: string, text: string): Promise<Buffer> =>
  mac(await macKey(Buffer.from(key, "base64")), `run-token|${text}`);
