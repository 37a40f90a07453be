import {
  type Draft,
  hmac,
  newSecret,
  noise,
  type Part,
  parts,
  type Statement,
  signedText,
  wrongOnes,
} from './signatures-material';
import type { Random } from './world-random';

/** What a forger has at hand: requests that were overheard, and the secret's name but not the secret. */
export interface Overheard {
  statement: Statement;
  /** Another one of the same signer. */
  other: Statement;
  /** Signed by the same signer, long ago or for later. */
  stale: Statement;
}

type Mutation = (draft: Draft, random: Random, overheard: Overheard) => void;

const edit = (draft: Draft, part: Part, change: (value: string) => string): void => {
  draft.headers[part] = draft.headers[part].map(change);
};
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);
const flip = (bytes: Buffer, random: Random): Buffer => {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
};
/** The digest of the first signature, and what it is replaced by. */
const redigest = (draft: Draft, change: (digest: string) => string): void =>
  edit(draft, 'signature', (value) =>
    value.replace(/(,)([\w+/=]+)/, (_, comma, digest) => comma + change(digest)),
  );
const reversion = (draft: Draft, version: string): void =>
  edit(draft, 'signature', (value) => value.replaceAll('v1,', version));
const resign = (draft: Draft, signature: string): void => edit(draft, 'signature', () => `v1,${signature}`);

const digits: Record<string, number> = { arabic: 0x660, devanagari: 0x966, wide: 0xff10, bold: 0x1d7ce };
const blanks = [' ', '  ', '\t', '\u00a0', latin1('\u2003'), latin1('\ufeff'), '\v', '\f', '\0', '%20', '+'];
/** The last character of a digest has two bits that no byte has: another one there decodes to the same. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const loosely = (digest: string): string =>
  digest.replace(/(.)=$/, (_, last) => `${alphabet[alphabet.indexOf(last) ^ 1]}=`);

/** What a forger, a faulty sender or a lenient proxy makes of a signed request. */
export const mutations: Record<string, Mutation> = {
  'a bit of a header': (draft, random) =>
    edit(draft, random.pick(parts), (value) => flip(Buffer.from(value, 'latin1'), random).toString('latin1')),
  'a bit of the body': (draft, random) => {
    draft.body = flip(draft.body, random);
  },
  'a header cut short': (draft, random) =>
    edit(draft, random.pick(parts), (value) => value.slice(0, random.below(value.length + 1))),
  'a header without its beginning': (draft, random) =>
    edit(draft, random.pick(parts), (value) => value.slice(1 + random.below(value.length + 1))),
  'a body cut short': (draft, random) => {
    draft.body = draft.body.subarray(0, random.below(draft.body.length + 1));
  },
  'a body with more': (draft, random) => {
    const more = random.pick([noise(random, 1 + random.below(8)), Buffer.from(' '), Buffer.from('\n')]);
    draft.body = random.next() < 0.5 ? Buffer.concat([draft.body, more]) : Buffer.concat([more, draft.body]);
  },
  'a missing header': (draft, random) => {
    draft.headers[random.pick(parts)] = [];
  },
  'an empty header': (draft, random) => edit(draft, random.pick(parts), () => ''),
  'a header twice': (draft, random, { other, stale }) => {
    const part = random.pick(parts);
    const [own = ''] = draft.headers[part];
    const theirs = random.pick([other, stale]);
    const second = part === 'signature' ? (theirs.signatures[0] ?? '') : theirs[part];
    draft.headers[part] = random.shuffle([own, random.pick([own, second, ''])]);
  },
  'two values in one header': (draft, random, { other }) => {
    const part = random.pick(parts);
    const second = part === 'signature' ? (other.signatures[0] ?? '') : other[part];
    const separator = random.pick([', ', ',', ';', '|', ' , ']);
    edit(draft, part, (value) => random.shuffle([value, second]).join(separator));
  },
  'the digest in another encoding': (draft, random) => {
    const bytes = (digest: string) => Buffer.from(digest, 'base64');
    const encode = random.pick([
      (digest: string) => bytes(digest).toString('hex'),
      (digest: string) => bytes(digest).toString('base64url'),
      (digest: string) => bytes(digest).toString('latin1'),
      (digest: string) => digest.replace(/=+$/, ''),
      (digest: string) => `${digest}=`,
      (digest: string) => `${digest}====`,
      (digest: string) => digest.replace('=', '%3D'),
      (digest: string) => digest.toLowerCase(),
      (digest: string) => digest.toUpperCase(),
      (digest: string) => Buffer.from(digest).toString('base64'),
      (digest: string) => `"${digest}"`,
      (digest: string) => digest + digest,
      loosely,
    ]);
    redigest(draft, encode);
  },
  'another version': (draft, random) =>
    reversion(
      draft,
      random.pick([
        'v1a,',
        'v2,',
        'v0,',
        'V1,',
        'v01,',
        'v1 ,',
        'v1, ',
        'v1',
        ',',
        '',
        'v1=',
        'v1;',
        'v1:',
        'v1,,',
        'v1,v1,',
        'v,',
        latin1('ｖ1,'),
        latin1('v１,'),
      ]),
    ),
  blanks: (draft, random) =>
    edit(draft, random.pick(parts), (value) =>
      insert(value, random.below(value.length + 1), random.pick(blanks)),
    ),
  'a time in other digits': (draft, random) => {
    const zero = random.pick(Object.values(digits));
    edit(draft, 'timestamp', (value) =>
      latin1(value.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))),
    );
  },
  'a time in another notation': (draft, random) => {
    const write = random.pick([
      (value: string) => `+${value}`,
      (value: string) => `-${value}`,
      (value: string) => `0${value}`,
      (value: string) => `${value}.0`,
      (value: string) => `${value}000`,
      (value: string) => `${value}x`,
      (value: string) => `${value}e0`,
      (value: string) => `0x${Number(value).toString(16)}`,
      (value: string) => `${Number(value) / 1e9}e9`,
      (value: string) => new Date((Number.parseInt(value.slice(0, 10), 10) || 0) * 1000).toISOString(),
      () => 'NaN',
      () => 'Infinity',
      () => '99999999999999999999',
    ]);
    edit(draft, 'timestamp', write);
  },
  'another time': (draft, random) =>
    edit(draft, 'timestamp', (value) => String(Number(value) + random.pick([-1, 1, -60, 60, -3600, 86_400]))),
  'an old request or one for later': (draft, _, { stale }) => {
    draft.headers = { id: [stale.id], timestamp: [stale.timestamp], signature: [stale.signatures.join(' ')] };
    draft.body = stale.body;
  },
  'headers of another request': (draft, random, { other, stale }) => {
    const { id, timestamp, signatures } = random.pick([other, stale]);
    const theirs = { id: [id], timestamp: [timestamp], signature: [signatures.join(' ')] };
    for (const part of parts) if (random.next() < 0.5) draft.headers[part] = theirs[part];
  },
  'the body of another request': (draft, random, { other, stale }) => {
    draft.body = random.pick([other, stale]).body;
  },
  'headers that have changed places': (draft, random) => {
    const values = random.shuffle(parts.map((part) => draft.headers[part]));
    for (const [index, part] of parts.entries()) draft.headers[part] = values[index] ?? [];
  },
  'a border moved between id, time and body': (draft, random) => {
    const whole = [draft.headers.id[0], draft.headers.timestamp[0], draft.body.toString('latin1')].join('.');
    const dots = [...whole.matchAll(/\./g)].map(({ index }) => index);
    const [first = 0, second = 0] = random
      .shuffle(dots)
      .slice(0, 2)
      .sort((a, b) => a - b);
    draft.headers.id = [whole.slice(0, first)];
    draft.headers.timestamp = [whole.slice(first + 1, second)];
    draft.body = Buffer.from(whole.slice(second + 1), 'latin1');
  },
  'a border moved into an id that ends like a time': (draft) => {
    const [id = '', timestamp = ''] = [...draft.headers.id, ...draft.headers.timestamp];
    const dot = id.lastIndexOf('.');
    if (dot < 0) return;
    draft.headers.id = [id.slice(0, dot)];
    draft.headers.timestamp = [id.slice(dot + 1)];
    draft.body = Buffer.concat([Buffer.from(`${timestamp}.`), draft.body]);
  },
  'many signatures': (draft, random) => {
    const list = wrongOnes(random, 1 + random.below(250), random.pick([['v1'], ['v1', 'v1a', 'v2']]));
    draft.headers.signature = [list.join(' ')];
  },
  'the signature of another secret': (draft, _, { statement: { id, timestamp, body } }) =>
    resign(draft, hmac(newSecret(), signedText(id, timestamp, body))),
  'the signature of a key anybody knows': (draft, random, { statement: { id, timestamp, body } }) => {
    const keys = [
      Buffer.alloc(0),
      Buffer.alloc(32),
      Buffer.from('whsec_'),
      Buffer.from(id),
      Buffer.from('secret'),
    ];
    resign(draft, hmac(random.pick(keys), signedText(id, timestamp, body)));
  },
  'the signature of less': (draft, random, { statement, other }) => {
    const { id, timestamp, body } = statement;
    const [digest = ''] = other.signatures;
    resign(
      draft,
      random.pick([
        hmac(digest, body),
        body.toString('base64'),
        noise(random).toString('base64'),
        `${id}.${timestamp}`,
      ]),
    );
  },
  'a body in another encoding': (draft, random) => {
    const text = draft.body.toString();
    const encode = random.pick([
      () => Buffer.from(`\ufeff${text}`),
      () => Buffer.from(text, 'utf16le'),
      () => Buffer.from(text, 'latin1'),
      () => Buffer.from(text.normalize('NFD')),
      () => Buffer.from(text.replace(/[{,:]/g, '$& ')),
      () => Buffer.from(text.replaceAll('\ufffd', '\u0000')),
      () => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff]), Buffer.from(text.slice(-1))]),
      () => Buffer.from(text.replaceAll('/', '\\/')),
      () => Buffer.from(encodeURIComponent(text)),
    ]);
    draft.body = encode();
  },
  'an id that looks the same': (draft, random) =>
    edit(draft, 'id', (value) =>
      random.pick([
        value.toUpperCase(),
        latin1(value.replace('e', 'е')),
        encodeURIComponent(value),
        `${value}\u00ad`,
        `${value}.`,
      ]),
    ),
};
