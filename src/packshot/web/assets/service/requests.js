// Requests to the service. Whatever goes wrong becomes a `Problem` with a remedy that a person can follow.

export class Problem extends Error {
  constructor(message, remedy, { code = "", status = 0, retryAfter = 0 } = {}) {
    super(message);
    this.remedy = remedy;
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

const WAITS = 8; // how often a full queue is asked again, after the seconds it names

// Send a request; gives the response, or throws a `Problem`. A busy service is asked again; waits(seconds) is told, and
// with 0 when it is asked.
export async function ask(address, { waits = () => {}, ...options } = {}) {
  for (let turn = 0; ; turn += 1) {
    let response;
    try {
      response = await fetch(address, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem("The service does not answer.", "Check that `packshot serve` still runs, then try again.", { code: "gone" });
    }
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (![429, 503].includes(problem.status) || turn >= WAITS) throw problem;
    const seconds = Math.max(1, problem.retryAfter);
    waits(seconds);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    waits(0);
  }
}

export async function askJson(address, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  return (await ask(address, { ...options, headers })).json();
}

export function sendJson(address, value, method = "POST") {
  return askJson(address, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
}

async function problemOf(response) {
  const { status } = response;
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // a proxy's page, or nothing
  }
  if (status === 401) return new Problem("You are signed out.", "Sign in again: /sign-in", { code: "unauthorised", status });
  const message = error.message ? sentence(error.message) : `The service answered ${status}.`;
  return new Problem(message, error.remedy ? sentence(error.remedy) : "Try again.", { code: error.code, status, retryAfter });
}

export function sentence(text) {
  const trimmed = text.trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
