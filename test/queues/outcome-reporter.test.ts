import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RunRef } from "../../src/domain/claim.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { OutcomeReporter, type Report } from "../../src/queues/outcome-reporter.ts";
import { newId } from "../../src/system.ts";

type Finish = (outcomes: readonly { readonly run: { readonly run: string } }[]) => Promise<void>;

const workspace = readWorkspaceId(newId());
let waits: number[] = [];

beforeEach(() => {
  waits = [];
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(scheduler, "wait").mockImplementation(async (time) => {
    waits.push(time);
  });
});

/** A reporter whose projects answer as `finish` does. */
function reporterTo(finish: Finish): OutcomeReporter {
  const PROJECT = { ...env.PROJECT, getByName: () => ({ finish }) } as unknown as typeof env.PROJECT;
  return new OutcomeReporter({ PROJECT });
}

const refTo = (project = readProjectId(newId())): RunRef => ({
  workspace,
  project,
  schedule: null,
  run: readRunId(newId()),
});
const reportOf = (ref: RunRef): Report => ({ ref, outcome: { kind: "succeeded", at: 0, output: null } });

describe("outcomes", () => {
  it("that end together travel together, one call for each project", async () => {
    const calls: number[] = [];
    const reporter = reporterTo(async (outcomes) => void calls.push(outcomes.length));
    const [one, other] = [readProjectId(newId()), readProjectId(newId())];
    await Promise.all([one, other, one, one].map((project) => reporter.report(reportOf(refTo(project)))));
    expect(calls.sort()).toEqual([1, 3]);
  });

  it("that come while a report is under way travel in the next one, and each is waited for", async () => {
    const calls: string[][] = [];
    let answer = (): void => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const reporter = reporterTo((outcomes) => {
      calls.push(outcomes.map(({ run }) => run.run));
      return calls.length === 1 ? isAnswered : Promise.resolve();
    });
    const refs = [1, 2, 3].map(() => refTo(readProjectId("019b3f0e-6c00-7f29-a1d8-09d9a834877a")));
    const [first, second, third] = refs.map((ref) => ref.run);
    const reports = refs.slice(0, 1).map((ref) => reporter.report(reportOf(ref)));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    reports.push(...refs.slice(1).map((ref) => reporter.report(reportOf(ref))));
    answer();
    await Promise.all(reports);
    expect(calls).toEqual([[first], [second, third]]);
  });

  it("are told again, waiting longer each time, until the project takes them", async () => {
    let tries = 0;
    const reporter = reporterTo(async () => {
      tries += 1;
      if (tries < 4) throw new Error("Network connection lost.");
    });
    await reporter.report(reportOf(refTo()));
    expect(tries).toBe(4);
    expect(waits.filter((wait) => wait >= 1_000)).toEqual([1_000, 2_000, 3_000]);
  });

  it("are given up in the end, and later ones are told all the same", async () => {
    let isDown = true;
    let tries = 0;
    const reporter = reporterTo(async () => {
      tries += 1;
      if (isDown) throw new Error("Network connection lost.");
    });
    const project = readProjectId(newId());
    await reporter.report(reportOf(refTo(project)));
    expect(tries).toBe(6);
    isDown = false;
    await reporter.report(reportOf(refTo(project)));
    expect(tries).toBe(7);
  });

  it("that come in the very moment a report ends are not forgotten", async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      const told: string[] = [];
      const reporter = reporterTo(async (outcomes) => void told.push(...outcomes.map(({ run }) => run.run)));
      const [one, other] = [refTo(), refTo()];
      const first = reporter.report(reportOf(one));
      for (let turns = 0; turns < turn; turns += 1) await Promise.resolve();
      await Promise.all([first, reporter.report(reportOf({ ...other, project: one.project }))]);
      expect(told, `${turn} turns later`).toEqual([one.run, other.run]);
    }
  });
});
