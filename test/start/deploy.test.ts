/** `npm run deploy`, against a wrangler that only answers: what is done, in which order, and what never is. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deploy } from "../../scripts/deploy/deploy.ts";

const ADDRESS = "https://carillon.example.workers.dev";

/** An account, as wrangler's answers show it; what is done to it is noted as the beginning of the command. */
class Account {
  readonly done: string[] = [];
  readonly sql: string[] = [];
  readonly keys: string[] = [];
  loggedIn = true;
  databases: string[] = [];
  things: string[] = [];
  secrets: string[] | Error = new Error("Worker not found [code: 10007]");
  workspaces = 0;

  readonly wrangle = async (args: readonly string[]): Promise<string> => {
    const [first, second, third] = args;
    if (first === "whoami") return JSON.stringify({ loggedIn: this.loggedIn });
    if (first === "secret") return this.#listSecrets();
    if (`${first} ${second}` === "d1 list") return JSON.stringify(this.databases.map((name) => ({ name })));
    if (`${first} ${second}` === "d1 execute") return this.#execute(String(args.at(-1)));
    this.done.push(first === "deploy" ? "deploy" : `${first} ${second} ${third}`);
    if (args.includes("create") && this.things.includes(String(args.at(-1)))) throw new Error("It already exists.");
    if (first === "deploy") return this.#deploy(args);
    return "";
  };

  #listSecrets(): string {
    if (this.secrets instanceof Error) throw this.secrets;
    return JSON.stringify(this.secrets.map((name) => ({ name })));
  }

  #execute(sql: string): string {
    this.sql.push(sql);
    return JSON.stringify([{ results: [{ workspaces: this.workspaces }] }]);
  }

  #deploy(args: readonly string[]): string {
    const file = args[args.indexOf("--secrets-file") + 1];
    if (args.includes("--secrets-file")) this.keys.push(JSON.parse(readFileSync(String(file), "utf8")).CARILLON_KEY);
    return `Deployed carillon\n  ${ADDRESS}\n`;
  }
}

const quiet = () => {};

describe("the first deployment", () => {
  it("makes what is missing, then migrates, then deploys with a new key", async () => {
    const account = new Account();
    const { address } = await deploy(account.wrangle, quiet);
    expect(address).toBe(ADDRESS);
    expect(account.done).toEqual([
      "d1 create carillon-directory",
      "d1 create carillon-runlog",
      "r2 bucket create",
      "queues create carillon-runs-dead",
      "queues create carillon-captures-dead",
      "queues create carillon-deliveries-dead",
      "queues create carillon-runs",
      "queues create carillon-captures",
      "queues create carillon-deliveries",
      "d1 migrations apply",
      "d1 migrations apply",
      "deploy",
    ]);
    expect(Buffer.from(account.keys[0] ?? "", "base64")).toHaveLength(32);
  });

  it("makes no workspace, and says that there is none", async () => {
    const account = new Account();
    expect(await deploy(account.wrangle, quiet)).toMatchObject({ isFresh: true });
    expect(account.sql).toEqual(["SELECT count(*) AS workspaces FROM workspaces"]);
  });
});

describe("a later deployment", () => {
  const later = (): Account => {
    const account = new Account();
    account.databases = ["carillon-directory", "carillon-runlog"];
    account.things = ["carillon-artifacts", "carillon-runs", "carillon-runs-dead"];
    account.secrets = ["CARILLON_KEY"];
    account.workspaces = 1;
    return account;
  };

  it("leaves the key, the databases and the workspaces as they are", async () => {
    const account = later();
    expect(await deploy(account.wrangle, quiet)).toMatchObject({ isFresh: false });
    expect(account.keys).toEqual([]);
    expect(account.done).not.toContain("d1 create carillon-directory");
    expect(account.done.at(-1)).toBe("deploy");
  });

  it("never makes a key when it cannot be told whether there is one", async () => {
    const account = later();
    account.secrets = new Error("The network is down.");
    await expect(deploy(account.wrangle, quiet)).rejects.toThrow("The secrets could not be listed.");
    expect(account.done).not.toContain("deploy");
  });
});

describe("without a login", () => {
  it("does nothing and says how to log in", async () => {
    const account = new Account();
    account.loggedIn = false;
    await expect(deploy(account.wrangle, quiet)).rejects.toMatchObject({
      hint: expect.stringContaining("wrangler login"),
    });
    expect(account.done).toEqual([]);
  });
});
