/** `/v1/projects/{p}/secret`: what the project's calls are signed with. */
import { z } from "@hono/zod-openapi";
import type { ProjectSettings } from "../actor/rpc.ts";
import { toIso } from "../domain/time/instant.ts";
import { signingSecret } from "../http/signing.ts";
import { answer, type Reply, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { InstantText } from "./fields.ts";
import type { Api } from "./operation.ts";

const ONE = { tag: "Settings", path: "/v1/projects/{p}/secret" };

const SecretJson = z
  .strictObject({
    secret: z.string().openapi({ description: "A Standard Webhooks secret.", example: "whsec_..." }),
    previous_valid_until: InstantText.nullable().openapi({
      description: "After a rotation calls carry both signatures until then.",
    }),
  })
  .openapi("Secret");

export function mountSecret(api: Api): void {
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getSecret",
      needs: "full_access",
      summary: "Show the signing secret",
      answers: { 200: { description: "The secret.", schema: SecretJson } },
    },
    async (ask) => answer(await ask.actor.repeatable((project) => project.settings()), show(ask)),
  );
  inProject(
    api,
    {
      ...ONE,
      method: "post",
      id: "rotateSecret",
      needs: "full_access",
      act: "secret.rotated",
      summary: "Replace the signing secret",
      idempotent: true,
      answers: { 201: { description: "The new secret.", schema: SecretJson } },
    },
    async (ask) =>
      answer(
        await ask.actor.keyed(ask.idempotency, (project, key) => project.changeSettings({ rotateSecret: true }, key)),
        show(ask, 201),
      ),
  );
}

const show =
  ({ env, scope, now }: ProjectAsk<unknown, unknown, unknown>, status = 200) =>
  ({ secretGeneration, secretOverlapUntil }: ProjectSettings): Reply => {
    const overlap = secretOverlapUntil !== null && secretOverlapUntil > now ? secretOverlapUntil : null;
    const shown: z.output<typeof SecretJson> = {
      secret: signingSecret(env.CARILLON_KEY, scope, secretGeneration),
      previous_valid_until: overlap === null ? null : toIso(overlap),
    };
    return reply(status, shown);
  };
