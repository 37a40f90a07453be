/**
 * What became of a call to a provider that brought no answer. SDKs wrap what `fetch` throws, each in its own way but all as `cause`, so
 * what matters is looked for in the whole chain.
 */
import { BlockError } from '../errors';

/** Longest chain of causes looked through; one that leads back to itself ends here too. */
const MAX_CAUSES = 10;

/** The refusal of our own `fetch` (or of the pacer) inside what an SDK threw; `null` when there is none. */
export function findBlockError(error: unknown): BlockError | null {
  return causesOf(error).find((cause): cause is BlockError => cause instanceof BlockError) ?? null;
}

/** Whether the connection never came about, so that the provider cannot have carried anything out and the call may be repeated. */
export function isUnsent(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const { code, syscall } = cause as { code?: unknown; syscall?: unknown };
    return syscall === 'connect' || (typeof code === 'string' && isBeforeConnection(code));
  });
}

const beforeConnection = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The name was not found, nobody listened, or the certificate was not to be trusted: no byte of the call went out. */
const isBeforeConnection = (code: string): boolean =>
  beforeConnection.has(code) || /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);

/** By shape: what Node throws need not be an `Error` of the realm the caller runs in. */
function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  for (let cause = error; typeof cause === 'object' && cause !== null && causes.length < MAX_CAUSES; ) {
    causes.push(cause);
    cause = (cause as { cause?: unknown }).cause;
  }
  return causes;
}
