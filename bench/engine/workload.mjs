/** The reference run, the same for every contender: a trigger, a condition, then steps that each answer with 1 kB of JSON. */
import { createHash } from 'node:crypto';

export const STEPS = 20;

/** Connections each contender's pool may hold. */
export const POOL_SIZE = 16;

/** What every step answers: exactly 1,000 bytes of JSON, text that does not compress to nothing. */
export const OUTPUT = makeOutput(1000);

function makeOutput(bytes) {
  const text = Array.from({ length: 30 }, (_, index) => digest(index)).join('');
  const output = { id: 'invoice_1042', amount: 1250.5, text: '' };
  output.text = text.slice(0, bytes - JSON.stringify(output).length);
  return output;
}

function digest(index) {
  return createHash('sha256').update(`output ${index}`).digest('base64url');
}
