/** Reading a body. */
import { describe, expect, it } from "vitest";
import { readBody } from "../../src/api/body.ts";

const LIMIT = 100;

const read = (body: BodyInit | null, headers: Record<string, string> = { "content-type": "application/json" }) =>
  readBody(new Request("https://carillon.test/", { method: "POST", body, headers }), LIMIT);

/** A body of unannounced length. */
function streamOf(chunks: number, onCancel: () => void = () => {}): ReadableStream {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent++ < chunks) controller.enqueue(new TextEncoder().encode(" ".repeat(60)));
      else controller.close();
    },
    cancel: onCancel,
  });
}

describe("a body", () => {
  it("is read as JSON, with its text beside it", async () => {
    expect(await read('{"a": 1}')).toEqual({ ok: true, value: { text: '{"a": 1}', value: { a: 1 } } });
  });

  it("says nothing when it is empty or absent, whatever its type", async () => {
    for (const body of [null, ""]) expect(await read(body, {})).toMatchObject({ ok: true, value: { value: {} } });
  });

  it.each(["application/json; charset=utf-8", "application/merge-patch+json", 'Application/JSON;charset="UTF-8"'])(
    "may be of the type %s",
    async (type) => {
      expect((await read("{}", { "content-type": type })).ok).toBe(true);
    },
  );

  it.each(["text/json", "application/json; charset=latin1", "application/jsonp", "multipart/form-data"])(
    "may not be of the type %s",
    async (type) => {
      expect(await read("{}", { "content-type": type })).toMatchObject({ error: { code: "unsupported_media_type" } });
    },
  );

  it("is refused past the limit, announced or not", async () => {
    expect(await read(`"${"x".repeat(LIMIT)}"`)).toMatchObject({ error: { code: "body_too_large" } });
    expect(await read(streamOf(1_000_000))).toMatchObject({ error: { code: "body_too_large" } });
    expect(await read(streamOf(1))).toMatchObject({ error: { code: "malformed_json" } });
  });

  it("keeps characters that come in two parts of a stream", async () => {
    const bytes = new TextEncoder().encode('"ü"');
    const halves = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, 2));
        controller.enqueue(bytes.slice(2));
        controller.close();
      },
    });
    expect(await read(halves)).toMatchObject({ ok: true, value: { value: "ü" } });
  });

  it.each([
    ['{"a": 1', 7],
    ['{"a": 1,}', 8],
    ["", undefined],
  ])("that is %j tells where it stops being JSON", async (text, position) => {
    const answer = await read(text);
    if (position === undefined) return expect(answer.ok).toBe(true);
    expect(answer).toMatchObject({ error: { code: "malformed_json", errors: [{ position }] } });
  });
});
