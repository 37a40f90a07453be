import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface MethodReference {
  args: Record<string, { required: boolean }>;
  /** By code, with what it means. */
  errors: Record<string, string>;
}

/** Slack's own reference of its Web API methods. */
export function readReference(): Record<string, MethodReference> {
  const file = join(process.env.SPECS_DIR ?? '', 'slack', 'slack-api-ref-methods-subset.json');
  return JSON.parse(readFileSync(file, 'utf8')).methods;
}

/** Where what is sent knowingly differs from the reference. */
const deviations: { method: string; argument: string; reason: string }[] = [
  {
    method: 'files.getUploadURLExternal',
    argument: 'alt_text',
    reason:
      'the name the SDK sends; the reference says `alt_txt`. We give neither, so it never leaves with a value',
  },
];

export interface ArgumentCheck {
  /** The same `fetch`, with every call held against the reference before it is passed on. */
  wrap: (send: typeof fetch) => typeof fetch;
  /** What is wrong with the calls so far: arguments the method does not know, or lacks. */
  problems: string[];
  /** Methods called so far. */
  methods: Set<string>;
}

export function createArgumentCheck(): ArgumentCheck {
  const reference = readReference();
  const problems: string[] = [];
  const methods = new Set<string>();
  return {
    problems,
    methods,
    wrap: (send) => async (input, init) => {
      const request = new Request(input, init);
      const method = /\/api\/([\w.]+)$/.exec(new URL(request.url).pathname)?.[1];
      if (method) {
        methods.add(method);
        const sent = [...new URLSearchParams(await request.clone().text()).keys()];
        problems.push(...problemsOf(method, sent, reference[method]));
      }
      return send(request);
    },
  };
}

function problemsOf(method: string, sent: readonly string[], known: MethodReference | undefined): string[] {
  if (!known) return [`${method} is not in the reference`];
  const isKnown = (argument: string) =>
    argument in known.args || deviations.some((own) => own.method === method && own.argument === argument);
  const unknown = sent.filter((argument) => !isKnown(argument));
  const missing = Object.entries(known.args)
    .filter(([argument, { required }]) => required && argument !== 'token' && !sent.includes(argument))
    .map(([argument]) => argument);
  return [
    ...unknown.map((argument) => `${method} does not know "${argument}"`),
    ...missing.map((argument) => `${method} lacks "${argument}"`),
  ];
}
