/** What tokens, browsers and links hold. The directory keeps its hash alone. */
import { createHash } from "node:crypto";

/** SHA-256 in hex. Each is 256 random bits, so a slow hash would protect nothing more. */
export const hashSecret = (text: string): string => createHash("sha256").update(text).digest("hex");
