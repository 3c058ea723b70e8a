// The one place that talks to the server.

const BASE = "/api/v1";
const LIMIT_MS = 10_000;

/** What went wrong: `kind` is `offline`, `timeout`, `network` or `problem` (an answer of the API). */
export class ApiError extends Error {
  constructor(kind, fields = {}) {
    super(fields.title ?? kind);
    this.name = "ApiError";
    this.kind = kind;
    this.status = fields.status ?? 0;
    this.code = fields.code ?? null;
    this.title = fields.title ?? null;
    this.detail = fields.detail ?? null;
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
    this.retryAfter = fields.retryAfter ?? null;
  }
}

/**
 * Reads `path` (below `/api/v1`) with `params`, of which empty ones are left out. Throws `ApiError`;
 * where the caller's `signal` ends it, the signal's reason.
 */
export async function get(path, params = {}, { signal } = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  const text = query.toString();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  const stop = () => limit.abort();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    const response = await fetch(`${BASE}${path}${text ? `?${text}` : ""}`, {
      signal: limit.signal,
      headers: { accept: "application/json, application/problem+json", "accept-language": "ko" },
    });
    if (!response.ok) throw await problem(response);
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ApiError) throw error;
    if (limit.signal.aborted) throw new ApiError("timeout");
    throw new ApiError(navigator.onLine ? "network" : "offline");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function problem(response) {
  let body = {};
  try {
    body = (await response.json()) ?? {};
  } catch {
    // A proxy's page: its status and the id in the header are all there is.
  }
  const wait = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  // Whoever stands between may answer in a form of its own: what is shown is text or nothing.
  const text = (value) => (typeof value === "string" ? value : null);
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return new ApiError("problem", {
    status: response.status,
    code: text(body.code),
    title: text(body.title),
    detail: text(body.detail),
    errors: errors.filter((one) => text(one?.detail)),
    requestId: text(body.requestId) ?? response.headers.get("x-request-id"),
    retryAfter: Number.isNaN(wait) ? null : wait,
  });
}
