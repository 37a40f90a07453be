import { fullPoison, poison, quickPoison } from './poison';
import { keep, patience, scale } from './tier';

/** How a run ends whose block ends its process each time, and how many processes it takes with it. */
const ends = {
  none: { deaths: 3, status: 'failed', code: 'runner_died' },
  idempotent: { deaths: 5, status: 'failed', code: 'interrupted' },
  'at-most-once': { deaths: 1, status: 'needs_attention', code: 'interrupted' },
};
const options = scale(quickPoison, fullPoison);

it(
  'what is hostile is refused by name or cleaned, and harms nobody else',
  async () => {
    const { neighbours } = options;
    const facts = await poison(options);
    await keep('poison', facts);
    expect(facts.violations).toEqual([]);
    // Of the texts refused are those too deep and those too large, and nothing else.
    expect(facts).toMatchObject({ inputs: 95, refused: 20, accepted: 75 });
    expect(facts).toMatchObject({ steps: 110, neighbours: 74 });
    expect(facts.deaths).toMatchObject(options.deadly.map((kind) => ({ kind, ...ends[kind], neighbours })));
  },
  patience,
);
