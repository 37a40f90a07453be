import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source-files';

interface Rule {
  /** Prelude of the at-rules around it, outermost first. */
  within: string[];
  prelude: string;
}

/** Every block of a stylesheet that is not itself a group of blocks, in order. Enough for what a bundler prints. */
function readRules(css: string): Rule[] {
  const rules: Rule[] = [];
  const within: string[] = [];
  let text = '';
  for (const character of css.replace(/\/\*[\s\S]*?\*\//g, '')) {
    if (character === '{') {
      const prelude = text.trim();
      if (!isGroup(prelude)) rules.push({ within: [...within], prelude });
      within.push(prelude);
    }
    if (character === '}') within.pop();
    text = '{};'.includes(character) ? '' : text + character;
  }
  return rules.filter((rule) => !rule.within.some((prelude) => prelude.startsWith('@keyframes')));
}

const isGroup = (prelude: string) => /^@(layer|media|supports|container)\b/.test(prelude);

/** Commas inside `:is(…)` do not part selectors. */
function selectorsOf(prelude: string): string[] {
  const parts = prelude.split(/,(?![^(]*\))/);
  return parts.map((part) => part.trim());
}

/** Under the kit’s root, of a class with its prefix, or of the canvas library. */
const isScoped = (selector: string) =>
  /^(:where\(|:is\()?[a-z]*\.(trama|react-flow)(?![A-Za-z0-9])/.test(selector);

const isInLayer = (rule: Rule) => rule.within.some((prelude) => prelude.startsWith('@layer trama'));

function readStylesheet(): string {
  const file = join(root, 'dist/styles.css');
  if (!existsSync(file)) throw new Error('There is no dist/styles.css to check. Run "npm run build" first.');
  return readFileSync(file, 'utf8');
}

describe('the built stylesheet', () => {
  const rules = readRules(readStylesheet());
  const keyframes = rules.filter(({ prelude }) => prelude.startsWith('@keyframes'));
  const styles = rules.filter(({ prelude }) => !prelude.startsWith('@'));

  it('touches nothing outside the kit: every selector is scoped', () => {
    expect(styles.length).toBeGreaterThan(100);
    expect(
      styles.flatMap(({ prelude }) => selectorsOf(prelude)).filter((selector) => !isScoped(selector)),
    ).toEqual([]);
  });

  it('yields to the host: every rule stands in a layer of the kit', () => {
    expect(rules.filter((rule) => !isInLayer(rule)).map(({ prelude }) => prelude)).toEqual([]);
  });

  it('names its animations so that they cannot collide with the host’s', () => {
    const names = keyframes.map(({ prelude }) => prelude.replace('@keyframes', '').trim());
    expect(names.filter((name) => !/^(trama-|dashdraw$)/.test(name))).toEqual([]);
  });

  it('leaves no import for the host to resolve', () => {
    expect(readStylesheet()).not.toContain('@import');
  });
});

describe('the check itself', () => {
  it('finds the rule outside a layer and the selector outside the kit', () => {
    const rules = readRules(
      '@layer trama { .trama a, body { color: red } } @media print { .trama-x { color: red } }',
    );
    expect(rules.map((rule) => [rule.prelude, isInLayer(rule)])).toEqual([
      ['.trama a, body', true],
      ['.trama-x', false],
    ]);
    expect(selectorsOf('.trama:is(a, b), .tramas, body').filter((selector) => !isScoped(selector))).toEqual([
      '.tramas',
      'body',
    ]);
  });
});
