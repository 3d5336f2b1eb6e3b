/** How `email` sends: by the deployment's post, with the picture read before sending begins. */
import { postOf } from "../delivery/email/choosing.ts";
import { deliverByEmail } from "../delivery/email/deliver.ts";
import { readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import type { OpenWay } from "./channels.ts";

export const emailWay: OpenWay = async (env, _project, given) => {
  const post = postOf(env, readConfig(env), { now, newId });
  const { picture } = given;
  const isCarried = picture?.kind === "there" && picture.step !== "link";
  const bytes = isCarried ? await picture.read() : null;
  const ready = isCarried ? { ...given, picture: { ...picture, read: async () => bytes } } : given;
  return { send: () => deliverByEmail(post, ready) };
};
