/** The form of a webhook endpoint: its fields, and the body of a request that they come to. */
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../domain/news/news.ts";
import { WEBHOOK_SIGNATURES } from "../../domain/news/webhook.ts";
import type { WebhookAnswer } from "../answers/webhook.ts";
import type { Filled } from "../filled.ts";
import { CheckField, Choices, Issue, type Option, SelectField, TextField, type Wrongs } from "../pieces/fields.tsx";
import { type ChosenProject, ProjectChecks } from "../workspace/project-choice.tsx";
import { EVENT_WORDS, SIGNATURE_WORDS } from "./webhook-words.ts";

export const WEBHOOK_FIELDS = ["name", "url", "events", "projects", "signatures"] as const;

/** An endpoint as the form holds it. */
export interface TypedWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly projects: readonly string[];
  readonly signatures: string;
}

export const NEW_WEBHOOK: TypedWebhook = {
  name: "",
  url: "",
  events: ["run.failed"] satisfies WebhookEvent[],
  projects: [],
  signatures: "v1",
};

export const asTyped = ({ name, url, events, projects, signatures }: WebhookAnswer): TypedWebhook => ({
  name,
  url: url ?? "",
  events,
  projects: projects ?? [],
  signatures,
});

export const readTyped = (filled: Filled): TypedWebhook => ({
  name: filled.text("name"),
  url: filled.text("url"),
  events: filled.all("events"),
  projects: filled.all("projects"),
  signatures: filled.text("signatures"),
});

/** No project is chosen: it is for all of them. */
export const bodyOf = (typed: TypedWebhook) => ({
  ...typed,
  projects: typed.projects.length === 0 ? null : typed.projects,
});

interface Props {
  readonly typed: TypedWebhook;
  readonly projects: readonly ChosenProject[];
  readonly wrongs: Wrongs;
}

export const WebhookFields = ({ typed, projects, wrongs }: Props) => (
  <>
    <TextField name="name" label="Name" value={typed.name} required autocomplete="off" wrongs={wrongs} />
    <TextField
      name="url"
      label="Address"
      type="url"
      hint="A public https address that takes POSTs. Only those who manage the workspace see more of it than its host."
      value={typed.url}
      placeholder="https://example.com/hooks/carillon"
      required
      autocomplete="off"
      wrongs={wrongs}
    />
    <Choices legend="It is called when" hint="None: only for the runs of schedules whose notifications name it.">
      {WEBHOOK_EVENTS.map((event) => (
        <CheckField
          id={`event-${event}`}
          name="events"
          value={event}
          label={EVENT_WORDS[event]}
          hint={event}
          isOn={typed.events.includes(event)}
        />
      ))}
      {wrongs.of("events").map((issue) => (
        <Issue issue={issue} />
      ))}
    </Choices>
    <ProjectChecks
      projects={projects}
      chosen={typed.projects}
      none="Whose events it asks for. None: those of all projects, new ones too."
      wrongs={wrongs}
    />
    <SelectField
      name="signatures"
      label="Calls are signed"
      value={typed.signatures}
      options={WEBHOOK_SIGNATURES.map((one): Option => [one, SIGNATURE_WORDS[one]])}
      wrongs={wrongs}
    />
  </>
);
