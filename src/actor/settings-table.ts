/** The project's settings: named values, read often and kept in memory. */
import { DEFAULT_LAYOUT } from "../domain/captures/capture.ts";
import type { WebhookEvent } from "../domain/news/news.ts";
import type { PlanName } from "../domain/plan.ts";
import type { ProjectSettings } from "./rpc.ts";

/** What the actor remembers for itself, beside what people set. */
export interface SettingValues extends ProjectSettings {
  /** The workspace's, as the directory last told it. */
  readonly plan: PlanName;
  /** How many runs a UTC day had, in days since 1970; what was counted since the last writing is not in it. */
  readonly runsOfDay: { readonly day: number; readonly runs: number } | null;
  /** Which change of the workspace, of its plan or its endpoints, the project knows. */
  readonly planOrder: number;
  /** What some endpoint of the workspace asks for from this project, as the directory last told it. */
  readonly events: readonly WebhookEvent[];
  /** The published version; null before the first publication. */
  readonly publishedVersion: number | null;
  /** Where the deployment was reached when the version was published. */
  readonly origin: string | null;
  /** Whether the directory was told to have the sweep look after this project. */
  readonly isRegistered: boolean;
  /** Counts the tellings, so that an old one cannot undo a new one. */
  readonly registrations: number;
}

const DEFAULTS: SettingValues = {
  timezone: "UTC",
  secretGeneration: 1,
  secretOverlapUntil: null,
  appOpensWith: "previous",
  appUrl: null,
  captureLayout: DEFAULT_LAYOUT,
  captureReadySelector: null,
  // A project that was opened before plans were told: the sweep tells it.
  plan: "enterprise",
  runsOfDay: null,
  planOrder: 0,
  events: [],
  publishedVersion: null,
  origin: null,
  isRegistered: false,
  registrations: 0,
};

export class SettingsTable {
  readonly #sql: SqlStorage;
  #values: SettingValues | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  read(): SettingValues {
    this.#values ??= { ...DEFAULTS, ...this.#stored() };
    return this.#values;
  }

  /** Writes only what differs. Forgets the memory first: the transaction around it may still roll back. */
  change(change: Partial<SettingValues>): SettingValues {
    const before = this.read();
    this.#values = undefined;
    const known = new Map<string, unknown>(Object.entries(before));
    for (const [name, value] of Object.entries(change)) {
      if (value === known.get(name)) continue;
      this.#sql.exec(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        JSON.stringify(value),
      );
    }
    return { ...before, ...change };
  }

  /** After a transaction was rolled back, what was read inside it is not to be trusted. */
  forgetCache(): void {
    this.#values = undefined;
  }

  #stored(): Partial<SettingValues> {
    const rows = this.#sql.exec<{ name: string; value: string }>("SELECT name, value FROM settings").toArray();
    return Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value)]));
  }
}
