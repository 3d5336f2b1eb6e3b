/** Calls the local API as the demo workspace. */
import { Trouble } from "./trouble.ts";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the document describes each answer; here one field or two of it are read.
  readonly body: any;
}

export interface ApiClient {
  /** Any answer below 500. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** An answer that says it went well; anything else is trouble. */
  expect(method: string, path: string, body?: unknown): Promise<Answer["body"]>;
}

export function apiClient(url: string, token: string): ApiClient {
  const ask: ApiClient["ask"] = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) throw new Trouble(`${method} ${path} answered ${response.status}.`, text);
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  };
  return {
    ask,
    async expect(method, path, body) {
      const answer = await ask(method, path, body);
      if (answer.status < 300) return answer.body;
      throw new Trouble(`${method} ${path} answered ${answer.status}.`, JSON.stringify(answer.body, null, 2));
    },
  };
}
