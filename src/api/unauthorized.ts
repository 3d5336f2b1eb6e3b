/** Answers to callers who were not recognised (RFC 6750 section 3). */
import type { AuthFailure } from "../directory/authenticate.ts";
import type { Problem } from "./problem.ts";

const DETAILS: Readonly<Record<AuthFailure, string>> = {
  missing: "Send the token in the Authorization header: Bearer car_...",
  malformed: "The Authorization header does not hold a token of the form Bearer car_...",
  unknown: "The token is not known.",
  expired: "The token has expired.",
  revoked: "The token was revoked, or the session has ended.",
  deactivated: "Whom the token or session belongs to is deactivated.",
};

/** 401, with the challenge that the standard asks for. */
export const unauthorized = (reason: AuthFailure): Problem => {
  const error = reason === "missing" ? "" : `, error="invalid_token", error_description="${DETAILS[reason]}"`;
  return {
    code: "unauthorized",
    detail: DETAILS[reason],
    headers: { "www-authenticate": `Bearer realm="carillon"${error}` },
  };
};
