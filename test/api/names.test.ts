/** Names are one line of visible text: they go into mails and onto pages, and must not be able to forge a part of one. */
import { expect, it } from "vitest";
import { expectProblem, makeTeam, type Team } from "./caller.ts";

const UNSEEN = [
  ["a line break", "Acme\nSign in at evil.test"],
  ["a carriage return", "Acme\rX"],
  ["a line separator", "Acme\u2028X"],
  ["a paragraph separator", "Acme\u2029X"],
  ["a change of direction", "Acme\u202ETXT.exe"],
  ["an isolate of direction", "Acme\u2066X"],
  ["a character of no width", "Ac\u200Bme"],
  ["a null", "Acme\u0000"],
] as const;

const FIELDS: readonly (readonly [string, string, (team: Team) => string, object])[] = [
  ["a workspace", "PATCH", () => "/v1/workspace", {}],
  ["a project", "POST", () => "/v1/projects", {}],
  ["a project that is renamed", "PATCH", ({ at }) => at, {}],
  ["a group", "POST", () => "/v1/groups", {}],
  ["a token", "POST", () => "/v1/tokens", {}],
  ["an invited member", "POST", () => "/v1/members", { email: "grace@acme.test", role: "editor" }],
  ["a member", "PATCH", ({ colleague }) => `/v1/members/${colleague.id}`, {}],
  ["oneself", "PATCH", () => "/v1/me", {}],
];

it.each(FIELDS)("the name of %s holds nothing that cannot be seen", async (_, method, path, beside) => {
  const team = await makeTeam();
  for (const [what, name] of UNSEEN) {
    const answer = await team.owner.call(method, path(team), { body: { ...beside, name } });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors, what).toMatchObject([
      { path: "/name", message: expect.stringContaining("line break, or another character that cannot be seen") },
    ]);
  }
});

it.each(["Zoë O’Brien", "株式会社", "Größe & Menge", "🚀 Launch", "أحمد"])("%s is a name", async (name) => {
  const { owner } = await makeTeam();
  expect((await owner.call("PATCH", "/v1/workspace", { body: { name: `  ${name} ` } })).body).toMatchObject({ name });
});
