/** The processes of this machine, as far as a start must know them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly args: string;
}

/** Empty where there is no `ps`: then a start knows only itself. */
export function processes(): readonly Process[] {
  try {
    const lines = execFileSync("ps", ["-axo", "pid=,ppid=,pgid=,args="], { encoding: "utf8" }).split("\n");
    return lines.flatMap((line) => {
      const [, pid, parent, group, args = ""] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), args }];
    });
  } catch {
    return [];
  }
}

/**
 * Whoever started us: under npm that is npm itself, behind the shell that it put between. Killed hard, npm cannot tell us;
 * so we look.
 */
export function starters(): readonly number[] {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return [parent];
  const npm = processes().find(({ pid }) => pid === parent)?.parent;
  return npm === undefined || npm <= 1 ? [parent] : [parent, npm];
}

/** A dead process that nobody has buried yet can still be signalled; Linux tells it by a Z. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readStatus(pid).includes(") Z ");
  } catch (cause) {
    // Somebody else's process may not be signalled, but is there.
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** Empty where the system has no /proc. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
