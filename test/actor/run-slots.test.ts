import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { SLOTS_HELD_MS } from "../../src/actor/run-slots.ts";
import { type ProjectId, readProjectId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";

const START = Date.parse("2027-01-15T08:30:00Z");
const OWN = 5;
const CAP = 20;

beforeEach(() => setClock(START));

/** The slots of a workspace of its own, asked by projects. */
function workspace() {
  const slots = exports.RunSlots.getByName(newId());
  const hold = (project: ProjectId, wanted: number, cap = CAP) => slots.hold({ project, wanted, own: OWN, cap });
  return { hold };
}

const project = (): ProjectId => readProjectId(newId());

describe("the slots of a workspace", () => {
  it("are lent up to the cap, the borrower's own share included", async () => {
    const { hold } = workspace();
    expect(await hold(project(), 10)).toBe(10);
    expect(await hold(project(), 10)).toBe(0);
    const roomy = workspace();
    expect(await roomy.hold(project(), 100)).toBe(CAP - OWN);
  });

  it("are counted once, however often the same is asked for", async () => {
    const { hold } = workspace();
    const one = project();
    for (let asked = 0; asked < 3; asked += 1) expect(await hold(one, 4)).toBe(4);
    expect(await hold(one, 12)).toBe(12);
    expect(await hold(project(), 1)).toBe(0);
  });

  it("come back when they are given back, all or some", async () => {
    const { hold } = workspace();
    const [one, other] = [project(), project()];
    expect(await hold(one, 15)).toBe(15);
    expect(await hold(one, 2)).toBe(2);
    expect(await hold(other, 20)).toBe(CAP - OWN - 2 - OWN);
    expect(await hold(one, 0)).toBe(0);
    expect(await hold(other, 20)).toBe(CAP - OWN);
  });

  it("come back by themselves from a project that is not heard of any more", async () => {
    const { hold } = workspace();
    const [lost, other] = [project(), project()];
    expect(await hold(lost, 15)).toBe(15);
    setClock(START + SLOTS_HELD_MS - 1);
    expect(await hold(other, 1)).toBe(0);
    setClock(START + SLOTS_HELD_MS);
    expect(await hold(other, 10)).toBe(10);
  });

  it("stay with a project that asks for them again in time", async () => {
    const { hold } = workspace();
    const one = project();
    for (let time = 0; time < 4; time += 1) {
      setClock(START + (time * SLOTS_HELD_MS) / 2);
      expect(await hold(one, 15)).toBe(15);
    }
    expect(await hold(project(), 1)).toBe(0);
  });

  it("shrink with the plan, and are another workspace's no business", async () => {
    const { hold } = workspace();
    const one = project();
    expect(await hold(one, 200, 300)).toBe(200);
    expect(await hold(one, 200, CAP)).toBe(CAP - OWN);
    expect(await workspace().hold(project(), 15)).toBe(15);
  });
});
