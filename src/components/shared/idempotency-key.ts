/** A key that makes a repeated start the same start. Works without `crypto.randomUUID`, which plain http lacks. */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
