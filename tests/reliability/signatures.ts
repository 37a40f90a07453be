import {
  type Draft,
  forms,
  idOf,
  isStated,
  parts,
  type Statement,
  state,
  toDelivery,
  toDraft,
} from './signatures-material';
import { mutations } from './signatures-mutations';
import { openCheck, routes, type SignedRoute } from './signatures-routes';
import { Random } from './world-random';

export interface SignaturesOptions {
  /** Changed requests the check itself is given. */
  forgeries: number;
  /** Changed requests each route is sent over HTTP. */
  sent: number;
  /** Sound requests of each form, at the check and at each route. */
  sound: number;
  seed: number;
}

export interface SignatureFacts {
  forgeries: number;
  sent: number;
  routes: string[];
  /** Kinds of change, each made at least once. */
  kinds: number;
  /** Changed requests that still say what was signed. */
  equivalent: number;
  /** Requests believed that say what nobody signed. */
  forged: number;
  sound: number;
  soundAccepted: number;
  violations: string[];
}

/** Whatever is changed about signed requests is not believed; whatever form the standard allows is. */
export async function signatures({
  forgeries,
  sent,
  sound,
  seed,
}: SignaturesOptions): Promise<SignatureFacts> {
  const facts: SignatureFacts = {
    ...{ forgeries: 0, sent: 0, routes: [], kinds: 0, equivalent: 0, forged: 0, sound: 0, soundAccepted: 0 },
    violations: [],
  };
  const kinds = new Set<string>();
  for (const [index, open] of [openCheck, ...routes].entries()) {
    const route = await open();
    const trial = new Trial(route, new Random(seed + index), kinds, facts);
    try {
      const isHttp = index > 0;
      if (isHttp) facts.routes.push(route.name);
      await trial.offerSound(sound);
      await trial.offerForgeries(isHttp ? sent : forgeries);
      facts[isHttp ? 'sent' : 'forgeries'] += isHttp ? sent : forgeries;
      await trial.close();
    } finally {
      await route.close();
    }
  }
  facts.kinds = kinds.size;
  for (const kind of Object.keys(mutations))
    if (!kinds.has(kind)) facts.violations.push(`nothing was changed by way of "${kind}"`);
  return facts;
}

class Trial {
  private number = 0;
  /** Requests that were believed, by what they say. */
  private readonly believed = new Set<string>();
  private calls = 0;

  constructor(
    private readonly route: SignedRoute,
    private readonly random: Random,
    private readonly kinds: Set<string>,
    private readonly facts: SignatureFacts,
  ) {}

  async offerSound(count: number): Promise<void> {
    const { facts, random, route } = this;
    for (const [form, write] of Object.entries(forms)) {
      for (let left = count; left > 0; left -= 1) {
        const statement = this.newStatement(random.below(581) - 290);
        const isBelieved = await this.deliver(write(statement, random), [statement]);
        facts.sound += 1;
        if (isBelieved) facts.soundAccepted += 1;
        else facts.violations.push(`${route.name} refused a sound request (${form})`);
      }
    }
  }

  async offerForgeries(count: number): Promise<void> {
    const { facts, random, route } = this;
    const names = Object.keys(mutations);
    for (let left = count; left > 0 && facts.violations.length < 20; left -= 1) {
      const statement = this.newStatement();
      const other = this.newStatement();
      const stale = this.newStatement(random.pick([-1, 1]) * (310 + random.below(90_000)));
      const draft = toDraft(statement);
      const chosen = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(names));
      for (const name of chosen) {
        this.kinds.add(name);
        mutations[name]?.(draft, random, { statement, other, stale });
      }
      const statements = [statement, other, stale];
      const isBelieved = await this.deliver(draft, statements);
      if (isStated(draft, statements)) facts.equivalent += 1;
      else if (isBelieved) {
        facts.forged += 1;
        facts.violations.push(`${route.name} believed a forgery (${chosen.join(', ')}): ${describe(draft)}`);
      }
    }
  }

  /** What it acted on is what it was told, and no more. */
  async close(): Promise<void> {
    const acted = await this.route.acted();
    const told = this.route.isKeyed ? this.believed.size : this.calls;
    if (acted !== told) this.facts.violations.push(`${this.route.name} acted ${acted} times, not ${told}`);
  }

  private async deliver(draft: Draft, statements: readonly Statement[]): Promise<boolean> {
    const isBelieved = await this.route.deliver(toDelivery(draft, this.route.prefix, this.random));
    if (isBelieved && isStated(draft, statements)) {
      this.calls += 1;
      this.believed.add(draft.headers.id.join().trim());
    }
    return isBelieved;
  }

  private newStatement(seconds = 0): Statement {
    this.number += 1;
    const body = this.route.bodyOf(this.number);
    return state(this.route.secrets, { id: idOf(this.number, this.random), body, seconds });
  }
}

const describe = ({ headers, body }: Draft): string =>
  `${parts.map((part) => `${part}: ${JSON.stringify(headers[part]).slice(0, 300)}`).join(', ')}, body: ${JSON.stringify(body.toString()).slice(0, 300)}`;
