import { Resend } from 'resend';
import { ResendError } from './failures.server';

/**
 * Resend's SDK with its one way out replaced: `fetchRequest` is what every call of it goes through. Its own uses the global `fetch`, which
 * our time-out, caps and list of hosts do not reach, and turns whatever happens into one vague error.
 */
export class ResendOverFetch extends Resend {
  readonly #fetch: typeof fetch;

  constructor(apiKey: string, baseUrl: string, send: typeof fetch) {
    super(apiKey, { baseUrl });
    this.#fetch = send;
  }

  /** Throws in place of answering with an error: then what comes back is there. */
  override async fetchRequest<T>(
    path: string,
    options: RequestInit = {},
  ): ReturnType<typeof Resend.prototype.fetchRequest<T>> {
    const response = await this.#fetch(`${this.baseUrl}${path}`, options);
    const body = parseJson(await response.text());
    if (!response.ok || body === null) throw toError(response, body);
    return { data: body as T, error: null, headers: Object.fromEntries(response.headers) };
  }
}

function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function toError({ status, headers }: Response, body: object | null): ResendError {
  const name = (body as { name?: unknown } | null)?.name;
  // A page in place of an answer has no name, and an unknown name may be anything.
  const code = typeof name === 'string' && /^[a-z0-9_]{1,60}$/.test(name) ? name : 'unreadable_answer';
  const seconds = Number(headers.get('retry-after') || Number.NaN);
  return new ResendError(code, status, Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined);
}
