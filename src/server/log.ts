/** Where the backend writes what an operator should know. Facts are ids, codes and counts: never payloads, never secrets. */
export interface Logger {
  info: (message: string, facts?: Record<string, unknown>) => void;
  warn: (message: string, facts?: Record<string, unknown>) => void;
  error: (message: string, facts?: Record<string, unknown>) => void;
}

/** One JSON line per message on standard error. */
export const jsonLogger: Logger = {
  info: (message, facts) => write('info', message, facts),
  warn: (message, facts) => write('warn', message, facts),
  error: (message, facts) => write('error', message, facts),
};

/** The host's logger, which must not fail what it tells of. */
export function harmless(logger: Logger): Logger {
  const guard =
    (level: keyof Logger): Logger[keyof Logger] =>
    (message, facts) => {
      try {
        logger[level](message, facts);
      } catch {
        jsonLogger.error('the logger failed', { message });
      }
    };
  return { info: guard('info'), warn: guard('warn'), error: guard('error') };
}

function write(level: string, message: string, facts: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`);
}

/** What of an unknown error may be logged: its class and code, and our own messages. Provider errors may carry tokens. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  return {
    error: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    // A message may have several lines, and any of them a secret: only a line of the stack will do.
    at: error.stack?.match(/^\s+(at .+:\d+:\d+\)?)$/m)?.[1],
  };
}
