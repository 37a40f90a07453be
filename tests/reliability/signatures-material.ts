import { createHmac, randomBytes } from 'node:crypto';
import type { Random } from './world-random';

export const parts = ['id', 'timestamp', 'signature'] as const;
export type Part = (typeof parts)[number];

/** A signed request before it is written out: none, one or several values of each header, as latin1 text of their bytes. */
export interface Draft {
  headers: Record<Part, string[]>;
  body: Buffer;
}

/** A request as it leaves. */
export interface Delivery {
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

/** What a signer has said: who checks may take this for true, and nothing else. */
export interface Statement {
  id: string;
  timestamp: string;
  body: Buffer;
  /** One of each secret in use. */
  signatures: string[];
}

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const keyOf = (secret: string) => Buffer.from(secret.replace('whsec_', ''), 'base64');

/** The signature as the standard writes it, by other means than the code under test. */
export function hmac(secret: string | Buffer, text: string | Buffer, algorithm = 'sha256'): string {
  const key = typeof secret === 'string' ? keyOf(secret) : secret;
  return createHmac(algorithm, key).update(text).digest('base64');
}

export const signedText = (id: string, timestamp: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);

/** Signs with all secrets in use, some seconds from now. */
export function state(
  secrets: readonly string[],
  { id, body, seconds = 0 }: { id: string; body: Buffer; seconds?: number },
): Statement {
  const timestamp = String(Math.floor(Date.now() / 1000) + seconds);
  const text = signedText(id, timestamp, body);
  return { id, timestamp, body, signatures: secrets.map((secret) => `v1,${hmac(secret, text)}`) };
}

export const toDraft = ({ id, timestamp, body, signatures }: Statement): Draft => ({
  headers: { id: [id], timestamp: [timestamp], signature: [signatures.join(' ')] },
  body,
});

/** Headers in any order and case. */
export function toDelivery({ headers, body }: Draft, prefix: string, random: Random): Delivery {
  const lines = parts.flatMap((part) =>
    headers[part].map((value) => [inAnyCase(`${prefix}-${part}`, random), value] as const),
  );
  return { headers: random.shuffle(lines), body };
}

const inAnyCase = (name: string, random: Random): string =>
  random.next() < 0.5
    ? name
    : name.replace(/[a-z]/g, (letter) => (random.next() < 0.5 ? letter.toUpperCase() : letter));

/** What the standard says of a draft, read anew: whether one of the statements is made by it, in time. */
export function isStated({ headers, body }: Draft, statements: readonly Statement[]): boolean {
  const [id, timestamp, signature] = parts.map((part) => {
    const [value, ...others] = headers[part];
    return others.length > 0 ? undefined : value?.replace(/^[ \t]+|[ \t]+$/g, '');
  });
  if (!id || !timestamp || !signature) return false;
  return statements.some(
    (known) =>
      known.id === id &&
      known.timestamp === timestamp &&
      known.body.equals(body) &&
      Math.abs(Date.now() / 1000 - Number(timestamp)) <= 301 &&
      known.signatures.some((own) => signature.split(' ').includes(own)),
  );
}

export const noise = (random: Random, bytes = 32): Buffer =>
  Buffer.from(Array.from({ length: bytes }, () => random.below(256)));

/** Signatures nobody made. */
export const wrongOnes = (random: Random, count: number, versions: readonly string[] = ['v1']): string[] =>
  Array.from({ length: count }, () => `${random.pick(versions)},${noise(random).toString('base64')}`);

/** Ids as hosts give them. One ends like a time: id, time and body are signed as one text. */
export const idOf = (number: number, random: Random): string =>
  random.pick([
    `evt_${number}`,
    `doc.completed.${number}`,
    `evt-${number}.${Math.floor(Date.now() / 1000) - random.below(60)}`,
    `${number}:${noise(random, 8).toString('hex')}`,
    `msg ${number} / due`,
  ]);

/** Room for so many signatures in what a server takes for headers. */
const MANY = 250;

/** Deliveries that must be accepted: one statement in each form the standard allows. */
export const forms: Record<string, (statement: Statement, random: Random) => Draft> = {
  'every secret': toDraft,
  'one secret of two': (statement, random) => ({
    ...toDraft(statement),
    headers: { ...toDraft(statement).headers, signature: [random.pick(statement.signatures)] },
  }),
  'among signatures of other secrets': (statement, random) =>
    among(statement, wrongOnes(random, 1 + random.below(4)), random),
  'among signatures of other versions': (statement, random) =>
    among(statement, wrongOnes(random, 1 + random.below(4), ['v1a', 'v2', 'v10', 'v0']), random),
  'at the end of a long list': ({ signatures, ...statement }, random) => {
    const [first = ''] = signatures;
    const list = [...wrongOnes(random, MANY), first];
    const { headers, body } = toDraft({ ...statement, signatures });
    return { headers: { ...headers, signature: [list.join(' ')] }, body };
  },
  'with blanks around the values': (statement, random) => {
    const { headers, body } = toDraft(statement);
    const padded = parts.map((part) => [
      part,
      headers[part].map((value) => ` ${value}${random.pick(['', ' ', '\t'])}`),
    ]);
    return { headers: Object.fromEntries(padded), body };
  },
};

function among(statement: Statement, others: readonly string[], random: Random): Draft {
  const { headers, body } = toDraft(statement);
  const list = random.shuffle([random.pick(statement.signatures), ...others]);
  return { headers: { ...headers, signature: [list.join(' ')] }, body };
}
